using System.Buffers.Text;
using Gain;

/// <summary>Answers each line with its number on the connection and its length.</summary>
[GainProtocol]
[Delimited("\n", MaxFrameLength = 4_096)]
public partial struct Lines
{
    // Every connection has its own copy of the struct: a field is its own state.
    private int _count;

    private void OnFrame(Connection connection, ReadOnlySpan<byte> frame)
    {
        _count++;
        Span<byte> answer = stackalloc byte[24];
        Utf8Formatter.TryFormat(_count, answer, out int length);
        answer[length++] = (byte)' ';
        Utf8Formatter.TryFormat(frame.Length, answer[length..], out int digits);
        SendFrame(connection, answer[..(length + digits)]);
    }

    private readonly void OnProtocolError(Connection connection, ProtocolError error) =>
        connection.Send("a line is too long\n"u8);
}
