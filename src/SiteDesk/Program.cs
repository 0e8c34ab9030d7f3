var app = WebApplication.CreateBuilder(args).Build();
app.MapGet("/", () => "SiteDesk");
app.Run();
