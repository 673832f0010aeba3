using Gain.Tests.Server;

namespace Gain.Tls.Tests.Server;

/// <summary>Answers, ends its side, and writes down what still comes.</summary>
[GainProtocol]
internal partial struct TlsHalving(Journal journal)
{
    private bool _hasEnded;

    private void OnRead(Connection connection, ReadOnlySpan<byte> data)
    {
        if (_hasEnded)
        {
            journal.Add($"read {System.Text.Encoding.ASCII.GetString(data)}");
            return;
        }

        _hasEnded = true;
        connection.Send("answer"u8);
        connection.ShutdownWrite();
    }

    private readonly void OnClose(CloseReason reason) => journal.Add($"closed {reason}");
}
