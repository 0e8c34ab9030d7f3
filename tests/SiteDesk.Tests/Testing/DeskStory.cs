using Microsoft.Extensions.DependencyInjection;
using SiteDesk.Customers;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;
using SiteDesk.Tickets;

namespace SiteDesk.Tests.Testing;

/// <summary>Short ways to bring a desk into the state a test begins with, through the same use cases as the front doors.</summary>
public static class DeskStory
{
    public static Staff OwnerOf(this DeskServer desk) => new(1, "Olga Owner", DeskServer.Owner, Role.Owner, "en", "Europe/Berlin", null, null, [], false);

    /// <summary>A customer asks on the first site.</summary>
    public static async Task<Ticket> AskAsync(this DeskServer desk, string text, string? email = null, string channel = "form", string subject = "", string name = "Anna")
    {
        await using var scope = desk.Services.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<Database>();
        var customer = new Customer { Name = name, CreatedAt = TimeProvider.System.Now() };
        if (email is not null)
            customer.AddContact((email.StartsWith('+') ? ContactAddress.ParsePhone(email) : ContactAddress.ParseEmail(email))!, customer.CreatedAt);
        var outcome = await scope.ServiceProvider.GetRequiredService<OpenTicket>().RunAsync(
            new OpenTicket.Request(1, customer, channel, Guid.NewGuid().ToString(), text, Actor.Customer(0, customer.DisplayName), subject), CancellationToken.None);
        outcome.Succeeded.ShouldBeTrue();
        return outcome.Value.Ticket;
    }

    /// <summary>Runs a use case in a scope of its own.</summary>
    public static async Task<TResult> UseAsync<TUseCase, TResult>(this DeskServer desk, Func<TUseCase, Task<TResult>> use) where TUseCase : notnull
    {
        await using var scope = desk.Services.CreateAsyncScope();
        return await use(scope.ServiceProvider.GetRequiredService<TUseCase>());
    }
}
