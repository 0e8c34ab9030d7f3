using SiteDesk.Customers;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;

namespace SiteDesk.Demo;

/// <summary>The customers' side: who they are, what they browse with, and the pages they looked at before they wrote.</summary>
internal static class DemoCustomers
{
    /// <summary>The version of the consent text that visitors agreed to.</summary>
    public const int ConsentNumber = 1;

    /// <exception cref="InvalidOperationException">An address of the script is not one.</exception>
    public static Customer Make(DemoCustomer written, DateTime at)
    {
        var customer = new Customer
        {
            Name = written.Name,
            AddressAs = written.AddressAs,
            Language = written.Language,
            TimeZone = written.Zone,
            CreatedAt = at,
        };
        foreach (var address in written.Emails.Concat(written.Phones))
        {
            var understood = ContactAddress.Parse(address) ?? throw new InvalidOperationException($"{written.Key}: “{address}” is no address.");
            // The first one they answered from; what they only typed into a form stays a claim.
            var contact = customer.AddContact(understood, at);
            if (customer.Contacts.Count == 1 && !written.Occasional)
                contact.MarkProven(ContactProof.Message, at);
        }

        return customer;
    }

    public static Visitor NewVisitor(DemoCustomer written, Customer customer, Site site, DateTime at) => new()
    {
        SiteId = site.Id,
        CustomerId = customer.Id,
        TokenHash = Tokens.Hash(Tokens.New()),
        CreatedAt = at,
        LastSeenAt = at,
        UserAgent = UserAgentOf(written.Browser),
        // One in six would rather not be watched.
        PagesConsentNumber = site.Privacy.TracksPages && customer.Id % 6 != 0 ? ConsentNumber : null,
    };

    public static ConsentRecord Agreement(Visitor visitor, Site site, string language, DateTime at) => new()
    {
        SiteId = site.Id,
        VisitorId = visitor.Id,
        Purpose = ConsentPurpose.Pages,
        Number = ConsentNumber,
        Language = language,
        Granted = true,
        At = at,
    };

    /// <summary>A short walk through the site that ends on the page from which the visitor wrote.</summary>
    public static IEnumerable<PageVisit> Walk(DemoSite site, string? lastPath, string language, Visitor visitor, DateTime writesAt, Random chance)
    {
        var last = site.Pages.Find(page => page.Path == lastPath) ?? site.Pages[0];
        var walk = site.Pages.Where(page => page != last).OrderBy(_ => chance.Next()).Take(chance.Next(1, 5)).Append(last).ToList();
        var at = writesAt;
        var visits = new List<PageVisit>();
        foreach (var page in walk.AsEnumerable().Reverse())
        {
            at -= TimeSpan.FromSeconds(chance.Next(15, 240));
            visits.Add(new PageVisit
            {
                VisitorId = visitor.Id,
                CustomerId = visitor.CustomerId,
                Address = $"https://{site.Domain}{page.Path}",
                Title = $"{page.Title[language]} · {site.Name}",
                At = at,
            });
        }

        return visits.AsEnumerable().Reverse();
    }

    /// <summary>An address of the ranges kept for documentation (RFC 5737).</summary>
    public static string NetworkAddress(int number) => (number % 3) switch
    {
        0 => $"192.0.2.{1 + number % 250}",
        1 => $"198.51.100.{1 + number % 250}",
        _ => $"203.0.113.{1 + number % 250}",
    };

    public static string UserAgentOf(string browser) => browser switch
    {
        "iphone" => "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
        "ipad" => "Mozilla/5.0 (iPad; CPU OS 17_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.7 Mobile/15E148 Safari/604.1",
        "android" => "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Mobile Safari/537.36",
        "mac" => "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15",
        "linux" => "Mozilla/5.0 (X11; Linux x86_64; rv:139.0) Gecko/20100101 Firefox/139.0",
        _ => "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Safari/537.36",
    };
}
