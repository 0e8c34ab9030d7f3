using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SiteDesk.Assistant.Knowledge;
using SiteDesk.Assistant.Talk;

namespace SiteDesk.Tests.Testing;

/// <summary>Takes away what the assistant does in the background: its words are the test's then, however slow the machine is.</summary>
internal static class SilentAssistant
{
    /// <summary>The assistant hears, and neither learns nor says anything by itself.</summary>
    public static IServiceCollection SilenceAssistant(this IServiceCollection services) =>
        services.SilenceQueue().Without(service => service.ImplementationFactory?.Method.ReturnType == typeof(LiveKnowledge));

    /// <summary>The assistant hears and learns, and says nothing by itself.</summary>
    public static IServiceCollection SilenceQueue(this IServiceCollection services) => services.Without(service => service.ImplementationType == typeof(QuestionQueue));

    private static IServiceCollection Without(this IServiceCollection services, Func<ServiceDescriptor, bool> what)
    {
        // Exactly one: what the assistant does in the background may have changed.
        services.Remove(services.Single(service => service.ServiceType == typeof(IHostedService) && what(service)));
        return services;
    }
}
