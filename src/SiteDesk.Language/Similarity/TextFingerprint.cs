using System.Runtime.InteropServices;

namespace SiteDesk.Language;

/// <summary>
/// A small sketch of a text by which near-duplicates are found without comparing every pair: MinHash (Broder, "On the resemblance
/// and containment of documents", 1997) over stems and neighbouring stems, so that another ending, another case or a greeting more
/// changes little. The same on every machine, so it may be stored.
/// </summary>
public sealed class TextFingerprint
{
    /// <summary>Hashes in a fingerprint; the likeness is exact to about 0.12.</summary>
    public const int Length = 64;

    /// <summary>
    /// Bands in a fingerprint. Texts with a likeness of 0.5 share a band with a probability of 0.64, those with 0.7 with 0.99,
    /// those with 0.2 with 0.03.
    /// </summary>
    public const int BandCount = 16;

    private const int RowsInBand = Length / BandCount;

    private readonly uint[] _hashes;

    private TextFingerprint(uint[] hashes, bool isEmpty)
    {
        (_hashes, IsEmpty) = (hashes, isEmpty);
    }

    /// <summary>Whether the text had no words. Such a text is like no other.</summary>
    public bool IsEmpty { get; }

    /// <summary>Makes the fingerprint of a text.</summary>
    /// <param name="text">Any text; its first 4,000 UTF-16 units are read.</param>
    public static TextFingerprint Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var reader = new TextFeatures(shortest: 1, longest: 1);
        reader.Read(text);
        var hashes = new uint[Length];
        Array.Fill(hashes, uint.MaxValue);
        foreach (var word in reader.Words)
        {
            for (var i = 0; i < hashes.Length; i++)
                hashes[i] = Math.Min(hashes[i], Permute(word, (uint)i));
        }
        return new TextFingerprint(hashes, reader.Words.Count == 0);
    }

    /// <summary>The share of words and neighbouring words that two texts have in common, estimated; 0 to 1.</summary>
    public double LikenessTo(TextFingerprint other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (IsEmpty || other.IsEmpty)
            return 0;
        var same = 0;
        for (var i = 0; i < _hashes.Length; i++)
            same += _hashes[i] == other._hashes[i] ? 1 : 0;
        return (double)same / Length;
    }

    /// <summary>
    /// Keys to look up candidates by: near-duplicates share at least one, strangers hardly ever do. Store them beside the text with an
    /// index, and compare the fingerprints of what is found. None for an empty text.
    /// </summary>
    public IReadOnlyList<long> Bands()
    {
        if (IsEmpty)
            return [];
        var bands = new long[BandCount];
        for (var band = 0; band < BandCount; band++)
        {
            // The number of the band is part of the key, so that bands are only found by their like.
            var key = (ulong)band;
            for (var row = 0; row < RowsInBand; row++)
                key = (key ^ _hashes[band * RowsInBand + row]) * 0x9E3779B97F4A7C15;
            bands[band] = (long)(key ^ (key >> 29));
        }
        return bands;
    }

    /// <summary>The fingerprint as bytes, to be stored; <see cref="FromBytes"/> reads it back.</summary>
    public byte[] ToBytes() => IsEmpty ? [] : MemoryMarshal.AsBytes(_hashes.AsSpan()).ToArray();

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    /// <exception cref="ArgumentException">The bytes are not those of a fingerprint.</exception>
    public static TextFingerprint FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return new TextFingerprint(new uint[Length], isEmpty: true);
        if (bytes.Length != Length * sizeof(uint))
            throw new ArgumentException($"A fingerprint has {Length * sizeof(uint)} bytes, not {bytes.Length}.", nameof(bytes));
        return new TextFingerprint(MemoryMarshal.Cast<byte, uint>(bytes).ToArray(), isEmpty: false);
    }

    private static uint Permute(uint word, uint number)
    {
        var hash = word ^ (number * 0x9E3779B1);
        hash = (hash ^ (hash >> 16)) * 0x85EBCA6B;
        hash = (hash ^ (hash >> 13)) * 0xC2B2AE35;
        return hash ^ (hash >> 16);
    }
}
