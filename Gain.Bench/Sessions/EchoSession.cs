namespace Gain.Bench.Sessions;

/// <summary>Sends back what it receives, in a session.</summary>
[GainProtocol]
internal partial struct EchoSession
{
    private static async Session OnSession(SessionContext s)
    {
        while (await s.Read())
        {
            s.Send(s.Data);
            s.Consume(s.Data.Length);
        }
    }
}
