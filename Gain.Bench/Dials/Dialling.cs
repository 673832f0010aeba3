namespace Gain.Bench.Dials;

/// <summary>Resets each connection as soon as it is up, and dials the next one.</summary>
[GainProtocol]
internal partial struct Dialling(DialCount count)
{
    private readonly void OnConnect(Connection connection)
    {
        if (count.Next())
        {
            connection.Dial(this, count.Target);
        }

        connection.Abort();
    }

    private readonly void OnConnectFailed(ConnectFailure failure) => count.Fail(failure);

    private readonly void OnClose() => count.EndOne();
}
