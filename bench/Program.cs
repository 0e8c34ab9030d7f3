Console.Error.WriteLine("usage: dotnet run -c Release --project bench -- <name> [--json]");
return 2;
