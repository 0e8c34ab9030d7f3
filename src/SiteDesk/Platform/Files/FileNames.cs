using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace SiteDesk.Platform.Files;

/// <summary>Makes a name that is safe in a header, in a ZIP and on every file system, and still readable.</summary>
public static class SafeFileName
{
    private const int Longest = 120;

    public static string Of(string? given)
    {
        var name = (given ?? "").Replace('\\', '/');
        name = name[(name.LastIndexOf('/') + 1)..];
        var safe = new StringBuilder(name.Length);
        foreach (var rune in name.EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(rune);
            var hidden = category is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse;
            if (!hidden)
                safe.Append(rune.IsAscii && "<>:\"|?*;".Contains((char)rune.Value, StringComparison.Ordinal) ? "_" : rune.ToString());
        }

        var result = safe.ToString().Trim(' ', '.');
        if (result.Length > Longest)
        {
            var extension = Path.GetExtension(result);
            extension = extension.Length > 12 ? "" : extension;
            result = result.UpTo(Longest - extension.Length) + extension;
        }

        return result.Length == 0 ? "file" : result;
    }
}

/// <summary>Content types as we are ready to say them.</summary>
public static class ContentTypes
{
    /// <summary>The given type without parameters, or one by the name's ending, or bytes.</summary>
    public static string Clean(string? given, string name)
    {
        var type = (given ?? "").Split(';')[0].Trim().ToLowerInvariant();
        var wellFormed = type.Length is > 2 and <= 100 && type.Count(letter => letter == '/') == 1 && type.All(letter => char.IsAsciiLetterOrDigit(letter) || "/+-.".Contains(letter, StringComparison.Ordinal));
        if (wellFormed && type != "application/octet-stream")
            return type;
        return new Microsoft.AspNetCore.StaticFiles.FileExtensionContentTypeProvider().TryGetContentType(name, out var guessed) ? guessed : "application/octet-stream";
    }
}

/// <summary>Reads a picture's measures from its first bytes (PNG, GIF, JPEG, WebP), without decoding it.</summary>
public static class PictureSize
{
    /// <returns>Pixels, or nulls when the header is not understood.</returns>
    public static async Task<(int? Width, int? Height)> ReadAsync(Stream picture, CancellationToken cancellation)
    {
        var head = new byte[64 * 1024];
        var read = await picture.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellation);
        return Read(head.AsSpan(0, read));
    }

    internal static (int? Width, int? Height) Read(ReadOnlySpan<byte> head)
    {
        if (head.Length >= 24 && head[0] == 0x89 && head[1..4].SequenceEqual("PNG"u8))
            return Sane(BinaryPrimitives.ReadInt32BigEndian(head[16..]), BinaryPrimitives.ReadInt32BigEndian(head[20..]));
        if (head.Length >= 10 && head[..4].SequenceEqual("GIF8"u8))
            return Sane(BinaryPrimitives.ReadUInt16LittleEndian(head[6..]), BinaryPrimitives.ReadUInt16LittleEndian(head[8..]));
        if (head.Length >= 30 && head[..4].SequenceEqual("RIFF"u8) && head[8..12].SequenceEqual("WEBP"u8))
            return ReadWebP(head);
        if (head.Length >= 4 && head[0] == 0xFF && head[1] == 0xD8)
            return ReadJpeg(head);
        return (null, null);
    }

    private static (int?, int?) ReadWebP(ReadOnlySpan<byte> head)
    {
        if (head[12..16].SequenceEqual("VP8X"u8))
            return Sane(1 + (head[24] | head[25] << 8 | head[26] << 16), 1 + (head[27] | head[28] << 8 | head[29] << 16));
        if (head[12..16].SequenceEqual("VP8 "u8))
            return Sane(BinaryPrimitives.ReadUInt16LittleEndian(head[26..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(head[28..]) & 0x3FFF);
        if (head[12..16].SequenceEqual("VP8L"u8))
        {
            var bits = BinaryPrimitives.ReadUInt32LittleEndian(head[21..]);
            return Sane((int)(bits & 0x3FFF) + 1, (int)(bits >> 14 & 0x3FFF) + 1);
        }

        return (null, null);
    }

    private static (int?, int?) ReadJpeg(ReadOnlySpan<byte> head)
    {
        var position = 2;
        while (position + 9 < head.Length && head[position] == 0xFF)
        {
            var marker = head[position + 1];
            var isFrame = marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);
            if (isFrame)
                return Sane(BinaryPrimitives.ReadUInt16BigEndian(head[(position + 7)..]), BinaryPrimitives.ReadUInt16BigEndian(head[(position + 5)..]));
            position += 2 + BinaryPrimitives.ReadUInt16BigEndian(head[(position + 2)..]);
        }

        return (null, null);
    }

    private static (int?, int?) Sane(int width, int height) =>
        width is > 0 and < 100_000 && height is > 0 and < 100_000 ? (width, height) : (null, null);
}
