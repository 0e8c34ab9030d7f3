using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace SiteDesk.Demo;

/// <summary>Small real files for the demonstration's messages, made from their names: the same bytes every time.</summary>
internal static class DemoFiles
{
    /// <param name="name">Its ending says what is made: png, pdf, csv; anything else is a text.</param>
    /// <param name="about">A line that stands in it.</param>
    public static (byte[] Content, string Type) Make(string name, string about)
    {
        var seed = name.Aggregate(17, (sum, letter) => unchecked(sum * 31 + letter));
        return Path.GetExtension(name) switch
        {
            ".png" => (Picture(new Random(seed)), "image/png"),
            ".pdf" => (Document(Path.GetFileNameWithoutExtension(name), seed), "application/pdf"),
            ".csv" => (Encoding.UTF8.GetBytes(Table(new Random(seed))), "text/csv"),
            _ => (Encoding.UTF8.GetBytes(about + "\n"), "text/plain"),
        };
    }

    /// <summary>A photograph from afar: soft light over a dark shape, 480 by 320 pixels.</summary>
    private static byte[] Picture(Random chance)
    {
        const int width = 480, height = 320;
        var (red, green, blue) = (chance.Next(60, 140), chance.Next(60, 140), chance.Next(60, 140));
        var (x0, y0, slope) = (chance.Next(120, 360), chance.Next(80, 240), chance.NextDouble() - 0.5);
        var rows = new byte[height * (1 + width * 3)];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var light = 1.3 - Math.Sqrt(Math.Pow((x - x0) / 420.0, 2) + Math.Pow((y - y0) / 300.0, 2));
                var crack = Math.Abs(y - y0 - slope * (x - x0) - 6 * Math.Sin(x / 23.0)) < 4 ? 0.35 : 1;
                var at = y * (1 + width * 3) + 1 + x * 3;
                rows[at] = Shade(red, light * crack);
                rows[at + 1] = Shade(green, light * crack);
                rows[at + 2] = Shade(blue, light * crack);
            }
        }

        return Png(width, height, rows);
    }

    private static byte Shade(int color, double light) => (byte)Math.Clamp(color * light * 1.4, 0, 255);

    /// <summary>PNG (ISO/IEC 15948): signature, header, compressed rows without filters, end.</summary>
    private static byte[] Png(int width, int height, byte[] rows)
    {
        using var file = new MemoryStream();
        file.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        (header[8], header[9]) = (8, 2); // eight bits for each of red, green and blue
        Chunk(file, "IHDR"u8, header);
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
            zlib.Write(rows);
        Chunk(file, "IDAT"u8, packed.ToArray());
        Chunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static void Chunk(MemoryStream file, ReadOnlySpan<byte> name, ReadOnlySpan<byte> content)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        file.Write(number);
        byte[] body = [.. name, .. content];
        file.Write(body);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc(body));
        file.Write(number);
    }

    /// <summary>CRC-32 as PNG wants it (ISO/IEC 15948, annex D).</summary>
    private static uint Crc(byte[] content)
    {
        var crc = 0xFFFFFFFFu;
        foreach (var value in content)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 0 ? crc >> 1 : crc >> 1 ^ 0xEDB88320u;
        }

        return ~crc;
    }

    /// <summary>One page of PDF (ISO 32000-1) with a heading and a few lines.</summary>
    private static byte[] Document(string title, int seed)
    {
        // The standard fonts know Latin letters only: a name in another script stands in the file's name.
        var heading = new string([.. title.Where(letter => char.IsAsciiLetterOrDigit(letter) || letter is ' ' or '-')]).Trim();
        var page = $"BT /F1 20 Tf 60 760 Td ({(heading.Length > 0 ? heading : "Document")}) Tj ET\nBT /F1 11 Tf 60 720 Td (Reference {Math.Abs(seed % 100_000).ToString("D5", CultureInfo.InvariantCulture)}) Tj 0 -18 Td (This page belongs to the demonstration of SiteDesk.) Tj ET\n60 700 m 535 700 l S\n";
        string[] objects =
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 5 0 R >> >> /Contents 4 0 R >>",
            $"<< /Length {page.Length.ToString(CultureInfo.InvariantCulture)} >>\nstream\n{page}endstream",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        ];
        var text = new StringBuilder("%PDF-1.4\n");
        var places = new List<int>();
        foreach (var (content, index) in objects.Select((content, index) => (content, index)))
        {
            places.Add(text.Length);
            text.Append(CultureInfo.InvariantCulture, $"{index + 1} 0 obj\n{content}\nendobj\n");
        }

        var table = text.Length;
        text.Append(CultureInfo.InvariantCulture, $"xref\n0 {objects.Length + 1}\n0000000000 65535 f \n");
        foreach (var place in places)
            text.Append(CultureInfo.InvariantCulture, $"{place:D10} 00000 n \n");
        text.Append(CultureInfo.InvariantCulture, $"trailer\n<< /Size {objects.Length + 1} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n");
        return Encoding.ASCII.GetBytes(text.ToString());
    }

    private static string Table(Random chance)
    {
        var text = new StringBuilder("date,project,hours\n");
        for (var day = 1; day <= 20; day++)
            text.Append(CultureInfo.InvariantCulture, $"{45_900 + day},Halyard {chance.Next(1, 5)},{chance.Next(2, 17) / 2.0}\n");
        return text.ToString();
    }
}
