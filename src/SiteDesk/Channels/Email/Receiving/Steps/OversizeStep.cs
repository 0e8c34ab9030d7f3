namespace SiteDesk.Channels.Email.Receiving.Steps;

/// <summary>A mail beyond the limit is kept and not taken apart.</summary>
public sealed class OversizeStep(MailIntakeLimits limits) : IReceivingStep
{
    public string Name => "oversize";

    public Task RunAsync(MailUnderWay mail, CancellationToken cancellation)
    {
        if (mail.Raw.Size > limits.MostBytes)
            mail.Finish(MailOutcome.Oversize);
        return Task.CompletedTask;
    }
}
