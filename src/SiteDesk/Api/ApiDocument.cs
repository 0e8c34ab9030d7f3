using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using SiteDesk.Platform.Html;
using SiteDesk.Platform.Security;

namespace SiteDesk.Api;

/// <summary>The OpenAPI document of the interface, and the page on which people read it.</summary>
internal static class ApiDocument
{
    public static void Configure(OpenApiOptions options)
    {
        options.ShouldInclude = description => description.ActionDescriptor.EndpointMetadata.OfType<BearerOnly>().Any();
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "SiteDesk API",
                Version = "v1",
                Description = "Send “Authorization: Bearer sdk_…”. Lists come in pages: give “next” as cursor. Errors are problem details with a stable code. Give an Idempotency-Key of up to 64 characters to whoever opens a ticket or writes a message, so that a repeat is harmless; each request has its own.",
            };
            // The addresses depend on where the installation stands, the contract does not.
            document.Servers = [];
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
            {
                ["bearer"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "A token made under Settings, API." },
            };
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(async (operation, context, cancellation) =>
        {
            if (context.Description.ActionDescriptor.EndpointMetadata.OfType<ApiBody>().LastOrDefault() is { } body)
            {
                var schema = await context.GetOrCreateSchemaAsync(body.Type, null, cancellation);
                operation.RequestBody = new OpenApiRequestBody
                {
                    Required = true,
                    Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal) { ["application/json"] = new() { Schema = schema } },
                };
            }

            var scope = context.Description.ActionDescriptor.EndpointMetadata.OfType<BearerOnly>().LastOrDefault()?.Scope;
            if (scope is not null)
                operation.Description = $"{operation.Description} Needs the scope {scope}.".Trim();
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("bearer", context.Document)] = [] }];
        });
    }

    public static async Task<IResult> ShowAsync([Microsoft.Extensions.DependencyInjection.FromKeyedServices("v1")] IOpenApiDocumentProvider provider, CancellationToken cancellation) =>
        Page.Show<ApiPageForPeople>(new { Document = await provider.GetOpenApiDocumentAsync(cancellation) });
}
