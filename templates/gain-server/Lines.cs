using System.Buffers.Text;
using Gain;

/// <summary>Answers each line with its number on the connection and its length.</summary>
[GainProtocol]
[Delimited("\n", MaxFrameLength = 4_096)]
public partial struct Lines
{
#if (SESSION)
    private static async Session OnSession(SessionContext s)
    {
        // What a session keeps is in its variables.
        for (int count = 1; await s.Frame(); count++)
        {
            Answer(s.Connection, count, s.Data.Length);
        }
    }

#else
    // Every connection has its own copy of the struct: a field is its own state.
    private int _count;

    private void OnFrame(Connection connection, ReadOnlySpan<byte> frame) =>
        Answer(connection, ++_count, frame.Length);

#endif
    private readonly void OnProtocolError(Connection connection, ProtocolError error) =>
        connection.Send("a line is too long\n"u8);

    private static void Answer(Connection connection, int count, int bytes)
    {
        Span<byte> answer = stackalloc byte[24];
        Utf8Formatter.TryFormat(count, answer, out int length);
        answer[length++] = (byte)' ';
        Utf8Formatter.TryFormat(bytes, answer[length..], out int digits);
        SendFrame(connection, answer[..(length + digits)]);
    }
}
