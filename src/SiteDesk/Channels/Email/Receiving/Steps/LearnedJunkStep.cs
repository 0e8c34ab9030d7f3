namespace SiteDesk.Channels.Email.Receiving.Steps;

/// <summary>Compares a first message with what agents have marked as junk. Who is in a conversation is not judged by words.</summary>
public sealed class LearnedJunkStep(LearnedJunk learned) : IReceivingStep
{
    public string Name => "learned junk";

    public async Task RunAsync(MailUnderWay mail, CancellationToken cancellation)
    {
        if (mail.Ticket is null && mail.Junk is null && await learned.IsJunkAsync($"{mail.Raw.Subject}\n{mail.Text.Reply}", cancellation))
            mail.Junk = "learned";
    }
}
