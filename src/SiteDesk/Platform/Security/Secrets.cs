using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using SiteDesk.Platform.Data;

namespace SiteDesk.Platform.Security;

/// <summary>A data-protection key, shared by all nodes through the database.</summary>
public sealed class ProtectionKey
{
    public long Id { get; init; }

    public required string Name { get; init; }

    public required string Xml { get; init; }
}

/// <summary>A named setting whose value is encrypted at rest.</summary>
public sealed class Secret
{
    public required string Name { get; init; }

    public required string Protected { get; set; }
}

/// <summary>Keeps the data-protection keys in the database, so that a cookie made by one node is read by all.</summary>
internal sealed class ProtectionKeyRepository(IServiceScopeFactory scopes) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var scope = scopes.CreateScope();
        return scope.ServiceProvider.GetRequiredService<Database>().Set<ProtectionKey>().AsNoTracking()
            .Select(key => key.Xml).ToList().ConvertAll(XElement.Parse);
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var scope = scopes.CreateScope();
        var database = scope.ServiceProvider.GetRequiredService<Database>();
        database.Add(new ProtectionKey { Name = friendlyName, Xml = element.ToString(SaveOptions.DisableFormatting) });

        // The interface is synchronous; it is called once in ninety days, from a background thread.
        database.SaveChangesAsync().GetAwaiter().GetResult();
    }
}

internal static class DataProtectionSetup
{
    public static IServiceCollection AddSharedDataProtection(this IServiceCollection services)
    {
        services.AddDataProtection().SetApplicationName("SiteDesk");
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider =>
            new ConfigureOptions<KeyManagementOptions>(options =>
                options.XmlRepository = new ProtectionKeyRepository(provider.GetRequiredService<IServiceScopeFactory>())));
        return services;
    }
}
