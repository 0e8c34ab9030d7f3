using SiteDesk.Platform.Data;
using SiteDesk.Platform.Web;

namespace SiteDesk.CommandLine.Doctor;

/// <summary><c>sitedesk doctor</c>: looks at everything a set-up can get wrong, says what is so and how to mend it.</summary>
internal static class DoctorCommand
{
    public static async Task<int> RunAsync(Invocation invocation, Terminal terminal, CancellationToken cancellation)
    {
        invocation.ExpectNoWords();
        WebApplication app;
        try
        {
            app = QuietApplication.Build(invocation);
        }
        catch (ConfigurationException problem)
        {
            Tell(terminal, Finding.Fault("Settings", problem.Message, "Mend the setting and run sitedesk doctor again; the other checks need it."));
            return ExitCode.Configuration;
        }

        await using (app)
        {
            var options = app.Services.GetRequiredService<SiteDeskOptions>();
            Tell(terminal, Finding.Well("Settings", $"understood; SiteDesk {Commands.Version}"));
            int warnings = 0, faults = 0;
            foreach (var check in Checks(app.Services, options))
            {
                await foreach (var finding in check.LookAsync(cancellation))
                {
                    Tell(terminal, finding);
                    warnings += finding.Severity == Severity.Warning ? 1 : 0;
                    faults += finding.Severity == Severity.Fault ? 1 : 0;
                }
            }

            terminal.Say($"{faults} faults, {warnings} warnings");
            return faults == 0 ? ExitCode.Done : ExitCode.Configuration;
        }
    }

    private static IEnumerable<ICheck> Checks(IServiceProvider services, SiteDeskOptions options)
    {
        yield return ActivatorUtilities.CreateInstance<MachineCheck>(services);
        yield return ActivatorUtilities.CreateInstance<DataFolderCheck>(services);
        yield return ActivatorUtilities.CreateInstance<DatabaseCheck>(services);
        yield return ActivatorUtilities.CreateInstance<ContentsCheck>(services);
        yield return new ListeningCheck(options);
        yield return ActivatorUtilities.CreateInstance<CertificateCheck>(services);
        yield return new PublicAddressCheck(options);
        yield return ActivatorUtilities.CreateInstance<HelpHostsCheck>(services);
        yield return new OutsideCheck(options);
    }

    private static void Tell(Terminal terminal, Finding finding)
    {
        var word = finding.Severity switch { Severity.Well => "ok", Severity.Warning => "warning", _ => "FAULT" };
        terminal.Say($"{word,-8} {finding.Subject,-16} {finding.Detail}");
        if (finding.Remedy is not null)
            terminal.Say($"{"",-25} -> {finding.Remedy}");
    }
}
