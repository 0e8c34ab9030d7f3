using SiteDesk.CommandLine;

return await Commands.RunAsync(args);
