using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace SiteDesk.Platform.Html;

/// <summary>
/// A page in UTF-8, in a borrowed array that grows. A page is written in some thousand pieces of a few letters each, so what a piece
/// costs beside its letters is what counts: there is no encoder with a state but the one character that it would remember.
/// </summary>
internal sealed class Utf8Page : TextWriter
{
    private const int FirstLength = 64 * 1024;
    private const int MostOfOneChar = 3;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(FirstLength);
    private int _length;

    // The first half of a pair of surrogates whose second half comes in the next piece; NUL for none.
    private char _half;

    public override Encoding Encoding => Encoding.UTF8;

    /// <summary>What was written, but for a pair of surrogates whose second half has not come.</summary>
    public ReadOnlyMemory<byte> Content => _bytes.AsMemory(0, _length);

    public override void Write(char value)
    {
        if (char.IsAscii(value) && _half == 0 && _length < _bytes.Length)
            _bytes[_length++] = (byte)value;
        else
            Write([value]);
    }

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(ReadOnlySpan<char> buffer)
    {
        if (buffer.IsEmpty)
            return;
        var most = (buffer.Length + 1) * MostOfOneChar;
        if (_bytes.Length - _length < most)
            Grow(most);
        if (_half != 0)
            buffer = buffer[WriteHalf(buffer[0])..];
        if (!buffer.IsEmpty && char.IsHighSurrogate(buffer[^1]))
        {
            _half = buffer[^1];
            buffer = buffer[..^1];
        }

        // What is no text (half a pair alone) becomes the replacement character, as every encoder has it.
        Utf8.FromUtf16(buffer, _bytes.AsSpan(_length), out _, out var written);
        _length += written;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            ArrayPool<byte>.Shared.Return(Interlocked.Exchange(ref _bytes, []));
        base.Dispose(disposing);
    }

    /// <returns>How many of the new characters were taken: 1 when it is the other half.</returns>
    private int WriteHalf(char next)
    {
        var isPair = char.IsLowSurrogate(next);
        ReadOnlySpan<char> pair = [_half, next];
        _half = '\0';
        Utf8.FromUtf16(isPair ? pair : pair[..1], _bytes.AsSpan(_length), out _, out var written);
        _length += written;
        return isPair ? 1 : 0;
    }

    private void Grow(int most)
    {
        var longer = ArrayPool<byte>.Shared.Rent(Math.Max(_bytes.Length * 2, _length + most));
        _bytes.AsSpan(0, _length).CopyTo(longer);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = longer;
    }
}
