using SiteDesk.Bench;

return await MeasurementRunner.RunAsync(args, Console.Out, Console.Error);
