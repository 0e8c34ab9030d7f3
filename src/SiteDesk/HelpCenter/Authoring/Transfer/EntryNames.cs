using System.Text;
using SiteDesk.Mail;

namespace SiteDesk.HelpCenter.Authoring.Transfer;

/// <summary>
/// Names of files in an archive. A name is UTF-8 only where its entry says so (PKWARE APPNOTE 4.4.4, bit 11); all others are in whatever the
/// packing machine used: code page 866 or windows-1251 in Russia, GB18030 in China. They are read as they look, all together, as one name is
/// too short to tell.
/// </summary>
internal static class EntryNames
{
    /// <summary>Keeps the bytes of unlabelled names as characters of the private use area, until it is known what they are.</summary>
    public static readonly Encoding Unread = new BytesAsTheyAre();

    private const char First = '\uF700';

    /// <summary>The names in the order in which they came.</summary>
    public static IReadOnlyList<string> Read(IReadOnlyList<string> names)
    {
        var unread = names.Where(IsUnread).ToList();
        if (unread.Count == 0)
            return names;
        // A line break is no second half of any character in these encodings.
        var text = Charsets.Decode(Unread.GetBytes(string.Join('\n', unread)), label: null, out _);
        var read = new Queue<string>(text.Split('\n'));
        return read.Count == unread.Count ? [.. names.Select(name => IsUnread(name) ? read.Dequeue() : name)] : names;
    }

    private static bool IsUnread(string name) => name.Any(symbol => symbol is >= (char)(First + 0x80) and <= (char)(First + 0xFF)) && name.All(symbol => symbol is < '\x80' or >= First and <= (char)(First + 0xFF) && symbol != '\n');

    private sealed class BytesAsTheyAre : Encoding
    {
        public override int GetByteCount(char[] chars, int index, int count) => count;

        public override int GetCharCount(byte[] bytes, int index, int count) => count;

        public override int GetMaxByteCount(int charCount) => charCount;

        public override int GetMaxCharCount(int byteCount) => byteCount;

        public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex)
        {
            for (var at = 0; at < charCount; at++)
                bytes[byteIndex + at] = (byte)(chars[charIndex + at] >= First ? chars[charIndex + at] - First : chars[charIndex + at]);
            return charCount;
        }

        public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex)
        {
            for (var at = 0; at < byteCount; at++)
                chars[charIndex + at] = bytes[byteIndex + at] < 0x80 ? (char)bytes[byteIndex + at] : (char)(First + bytes[byteIndex + at]);
            return byteCount;
        }
    }
}
