using Gain;

#if (SESSION)
/// <summary>Sends back what arrives. Every connection has its own session.</summary>
#else
/// <summary>Sends back what arrives. Every connection has its own copy: a field is its own state.</summary>
#endif
[GainProtocol]
public partial struct Echo
{
#if (SESSION)
    private static async Session OnSession(SessionContext s)
    {
        while (await s.Read())
        {
            s.Send(s.Data);
            s.Consume(s.Data.Length);
        }
    }
#else
    private readonly void OnRead(Connection connection, ReadOnlySpan<byte> data) => connection.Send(data);
#endif
}
