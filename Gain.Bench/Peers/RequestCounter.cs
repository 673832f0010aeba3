using System.Buffers;

namespace Gain.Bench.Peers;

/// <summary>Counts the ends of requests, which may come in any pieces: bodies are not looked for.</summary>
internal struct RequestCounter
{
    private static ReadOnlySpan<byte> End => "\r\n\r\n"u8;

    // How much of an end the last piece ended with.
    private int _matched;

    /// <summary>The number of requests that end in a piece.</summary>
    public int Count(ReadOnlySpan<byte> piece)
    {
        int count = 0;
        while (_matched > 0 && !piece.IsEmpty)
        {
            _matched = piece[0] == End[_matched] ? _matched + 1 : 0;
            piece = piece[1..];
            if (_matched == End.Length)
            {
                count++;
                _matched = 0;
            }
        }

        for (int at; (at = piece.IndexOf(End)) >= 0; piece = piece[(at + End.Length)..])
        {
            count++;
        }

        for (int length = Math.Min(End.Length - 1, piece.Length); length > 0 && _matched == 0; length--)
        {
            _matched = piece.EndsWith(End[..length]) ? length : 0;
        }

        return count;
    }

    /// <inheritdoc cref="Count(ReadOnlySpan{byte})"/>
    public int Count(in ReadOnlySequence<byte> pieces)
    {
        int count = 0;
        foreach (ReadOnlyMemory<byte> piece in pieces)
        {
            count += Count(piece.Span);
        }

        return count;
    }
}
