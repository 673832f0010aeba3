using Gain.Proxy.Listening;
using Gain.Proxy.Pools;

namespace Gain.Proxy.Relaying;

/// <summary>A client. Its bytes wait unread until there is a backend for it: none is lost.</summary>
[GainProtocol]
internal partial struct Client(Entrance start, EntranceTable added)
{
    private Entrance _entrance = start;

    // A fatal alert (RFC 6066, 3), so that the client can say why.
    private static ReadOnlySpan<byte> UnrecognizedName => [21, 3, 1, 0, 2, 2, 112];

    private void OnAccept(Connection connection)
    {
        if (connection.ListenerTag != EntranceTable.OfStart)
        {
            _entrance = added[connection.ListenerTag];
        }

        Routes routes = _entrance.Routes;
        if (routes.PeeksAtNames)
        {
            connection.SetTimer(_entrance.HelloTimeout);
        }
        else
        {
            Lead(connection, routes.Pool);
        }
    }

    // Only where a name is looked for. Nothing is consumed: the backend gets the message as it is.
    private readonly int OnRead(Connection connection, ReadOnlySpan<byte> data)
    {
        Routes routes = _entrance.Routes;
        Span<byte> name = stackalloc byte[ClientHello.MaxNameBytes];
        HelloStatus status = ClientHello.TryFindName(data, name, out int length);
        if (status == HelloStatus.NeedsMore)
        {
            return 0;
        }

        connection.CancelTimer();
        Pool? pool = status == HelloStatus.Found ? routes.Find(name[..length]) : routes.Pool;
        if (pool is null && status != HelloStatus.NotTls)
        {
            connection.SendStatic(UnrecognizedName);
            connection.Close();
            return 0;
        }

        Lead(connection, pool);
        return 0;
    }

    private static void OnTimer(Connection connection) => connection.Abort();

    // Relays go on during a stop, until its deadline.
    private static void OnStopping()
    {
    }

    private static void Lead(Connection connection, Pool? pool)
    {
        connection.PauseReading();
        if (pool is null)
        {
            connection.Abort();
        }
        else if (!new Attempt(pool, connection.Handle).TryDialNext(connection))
        {
            pool.CountRefused();
            connection.Abort();
        }
    }
}
