namespace Gain.Tls.Tests.Server;

/// <summary>Answers each four bytes, a number, with as many bytes, by one write between two short
/// ones.</summary>
[GainProtocol]
[FixedSize(sizeof(int))]
internal partial struct LargeWriter
{
    private readonly void OnFrame(Connection connection, ReadOnlySpan<byte> number)
    {
        var answer = new byte[BitConverter.ToInt32(number)];
        for (int i = 0; i < answer.Length; i++)
        {
            answer[i] = (byte)(i * 7);
        }

        connection.Send("head"u8);
        connection.Send(answer);
        connection.Send("tail"u8);
    }
}
