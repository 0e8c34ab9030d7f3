using Microsoft.Extensions.Caching.Memory;

namespace SiteDesk.Assistant.LanguageModel.Translating;

/// <summary>What was translated lately, in this node's memory alone: bounded, and gone an hour after it was last looked at.</summary>
internal sealed class KeptTranslations : IDisposable
{
    /// <summary>Letters of originals and translations together: about 4 MB.</summary>
    private const int MostLetters = 2_000_000;

    private static readonly TimeSpan Idle = TimeSpan.FromHours(1);

    private readonly MemoryCache _kept = new(new MemoryCacheOptions { SizeLimit = MostLetters });

    public Translation? Find(string text, string to) => _kept.Get<Translation>((text, to));

    public void Keep(string text, string to, Translation translation) =>
        _kept.Set((text, to), translation, new MemoryCacheEntryOptions { Size = text.Length + (translation.Text?.Length ?? 0), SlidingExpiration = Idle });

    public void Dispose() => _kept.Dispose();
}
