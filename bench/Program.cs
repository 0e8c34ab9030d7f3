using SiteDesk.Bench;
using SiteDesk.Bench.Bare;

return args is [BareServer.Command, .. var rest]
    ? await BareServer.RunAsync(rest)
    : await MeasurementRunner.RunAsync(args, Console.Out, Console.Error);
