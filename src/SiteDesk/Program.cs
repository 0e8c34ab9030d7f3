using SiteDesk.CommandLine;

NativeMemory.LimitArenas();
return await Commands.RunAsync(args);
