namespace Gain.Cli;

/// <summary>Reads and drops (RFC 863).</summary>
[GainProtocol]
internal partial struct DiscardHandler
{
    private static void OnRead()
    {
        // The bytes have been read; nothing is done with them.
    }

    private static void OnDatagram()
    {
        // Nor with these.
    }
}
