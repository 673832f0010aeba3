namespace Gain.Bench.Sessions;

/// <summary>The same by a helper that waits, once for each message.</summary>
[GainProtocol]
internal partial struct EchoHelper
{
    private static async Session OnSession(SessionContext s)
    {
        while (await EchoOnce(s))
        {
        }
    }

    private static async Part<bool> EchoOnce(SessionContext s)
    {
        if (!await s.Read())
        {
            return false;
        }

        s.Send(s.Data);
        s.Consume(s.Data.Length);
        return true;
    }
}
