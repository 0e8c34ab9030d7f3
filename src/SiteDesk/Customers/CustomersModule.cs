using SiteDesk.Customers.SignIn;
using SiteDesk.Platform.Events;
using SiteDesk.Platform.Jobs;
using SiteDesk.Platform.Security;

namespace SiteDesk.Customers;

/// <summary>Who asks.</summary>
public static class CustomersModule
{
    public static IServiceCollection AddCustomers(this IServiceCollection services)
    {
        services.AddSingleton<ContactProofLinks>();
        services.AddSingleton<CustomerSessions>();
        services.AddScoped<FindCustomer>();
        services.AddScoped<CorrectCustomer>();
        services.AddScoped<SplitCustomers>();
        services.AddHandler<ContactProven, ProveContact>();
        services.AddHandler<MergeSettles, MergeCustomers>();
        services.AddScoped<IRecurringJob, PageVisitRetention>();
        services.AddScoped<SignInLinks>();
        services.AddScoped<IRecurringJob, SignInRetention>();
        return services;
    }
}

public static class CustomerPermissions
{
    public static readonly Permission Read = Permission.Of(
        "customers.read", Role.Owner, Role.Administrator, Role.Lead, Role.Agent, Role.Engineer, Role.Security, Role.ReadOnly);

    public static readonly Permission Change = Permission.Of("customers.change", Role.Owner, Role.Administrator, Role.Lead, Role.Agent);

    /// <summary>Hand out everything that is kept of one person.</summary>
    public static readonly Permission Export = Permission.Of("customers.export", Role.Owner, Role.Administrator, Role.Security);

    /// <summary>Remove everything that is kept of one person.</summary>
    public static readonly Permission Erase = Permission.Of("customers.erase", Role.Owner, Role.Administrator);
}
