using System.Text.Json;
using SiteDesk.Assistant.Phrases;
using SiteDesk.Language;

namespace SiteDesk.Tests.Assistant;

/// <summary>The shop's articles of the demonstration, and the intents they answer.</summary>
internal sealed record ShopArticle(long Id, string Key, string Title, string Body, IReadOnlyList<string> Questions)
{
    /// <summary>What an article answers, where an intent covers it; some answer two.</summary>
    public static IReadOnlyDictionary<string, string[]> Intents { get; } = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["pay-methods"] = ["pay-methods"],
        ["payment-failed"] = ["payment-failed"],
        ["payment-reserved"] = ["payment-not-confirmed"],
        ["charged-twice"] = ["wrong-charge"],
        ["order-status"] = ["order-status", "parcel-tracking"],
        ["order-change"] = ["order-change"],
        ["order-cancel"] = ["order-cancel"],
        ["delivery-cost"] = ["delivery-cost", "delivery-time"],
        ["delivery-countries"] = ["delivery-time", "delivery-cost"],
        ["tracking-stuck"] = ["parcel-tracking"],
        ["not-received"] = ["parcel-not-received"],
        ["address-change"] = ["change-address"],
        ["return-how"] = ["return"],
        ["return-conditions"] = ["return"],
        ["refund-when"] = ["refund-status"],
        ["exchange"] = ["exchange"],
        ["wrong-item"] = ["wrong-item"],
        ["damaged"] = ["defect"],
        ["warranty"] = ["defect"],
        ["repair"] = ["defect"],
        ["size-shoes"] = ["size"],
        ["size-jackets"] = ["size"],
        ["promo-codes"] = ["promo-code", "price"],
        ["gift-cards"] = ["gift-card"],
        ["club"] = ["loyalty-points"],
        ["price-drop"] = ["price"],
        ["invoice-company"] = ["invoice"],
        ["password"] = ["sign-in", "change-contact"],
        ["delete-data"] = ["delete-data", "unsubscribe"],
        ["stock"] = ["stock"],
        ["business"] = ["business"],
    };

    public static List<ShopArticle> Load(string language)
    {
        using var stream = typeof(PhraseBank).Assembly.GetManifestResourceStream($"SiteDesk.Demo.articles.{language}.json").ShouldNotBeNull();
        using var articles = JsonDocument.Parse(stream);
        return [.. articles.RootElement.EnumerateArray()
            .Where(article => article.GetProperty("site").GetString() == "nordlight")
            .Select((article, number) => new ShopArticle(
                number,
                article.GetProperty("key").GetString()!,
                article.GetProperty("title").GetString()!,
                article.GetProperty("body").GetString()!,
                [.. article.GetProperty("questions").EnumerateArray().Select(question => question.GetString()!)]))];
    }

    public static SearchIndex Index(IEnumerable<ShopArticle> articles) =>
        SearchIndex.Build(articles.Select(article => new SearchDocument(article.Id, article.Title, article.Body) { Questions = article.Questions }));

    /// <summary>Whether this article answers an intent.</summary>
    public bool Answers(string intent) => Intents.TryGetValue(Key, out var intents) && intents.Contains(intent, StringComparer.Ordinal);
}
