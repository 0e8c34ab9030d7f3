using SiteDesk.Platform.Jobs;
using SiteDesk.Platform.Security;

namespace SiteDesk.Customers;

/// <summary>Who asks.</summary>
public static class CustomersModule
{
    public static IServiceCollection AddCustomers(this IServiceCollection services)
    {
        services.AddScoped<FindCustomer>();
        services.AddScoped<IRecurringJob, PageVisitRetention>();
        return services;
    }
}

public static class CustomerPermissions
{
    public static readonly Permission Read = Permission.Of(
        "customers.read", Role.Owner, Role.Administrator, Role.Lead, Role.Agent, Role.Engineer, Role.Security, Role.ReadOnly);

    public static readonly Permission Change = Permission.Of("customers.change", Role.Owner, Role.Administrator, Role.Lead, Role.Agent);
}
