using System.Collections.Concurrent;
using Gain.Tests.Server;

namespace Gain.Tests.Parity;

/// <summary>What a test wants done about datagrams; all callbacks are counted in the journal.</summary>
internal sealed class DatagramScript
{
    private readonly ConcurrentQueue<Task> _elsewhere = new();

    public delegate void ActOnDatagram(Datagram datagram, ReadOnlySpan<byte> data);

    public Journal Journal { get; } = new();

    public Action<GainServer> OnStart { get; init; } = static _ => { };

    public ActOnDatagram OnDatagram { get; init; } = static (_, _) => { };

    /// <summary>
    /// What is done about a datagram on another thread, with a copy of the bytes, as by the original's
    /// asynchronous handler.
    /// </summary>
    public Action<DatagramHandle, GainAddress, byte[]>? OnDatagramElsewhere { get; init; }

    /// <summary>One that answers with what it was sent, in the callback or from another thread.</summary>
    public static DatagramScript Echo(bool isAsync) => isAsync
        ? new DatagramScript { OnDatagramElsewhere = Posted.SendTo }
        : new DatagramScript { OnDatagram = static (datagram, data) => datagram.Reply(data) };

    /// <summary>Has another thread do something about a datagram.</summary>
    public void DoElsewhere(Action act) => _elsewhere.Enqueue(Task.Run(act));

    /// <summary>Stops the server, when so many datagrams have come.</summary>
    /// <returns>How often OnStart, OnAccept, OnDatagram and OnClose ran.</returns>
    public async Task<int[]> CountAsync(GainServer server, int datagrams = 1)
    {
        await Journal.AwaitAsync(static entry => entry == "datagram", datagrams);
        await Task.WhenAll(_elsewhere).WaitAsync(Clients.Patience);
        await server.StopAsync().WaitAsync(Clients.Patience);
        string[] entries = Journal.Entries;
        return [.. from kind in new[] { "start", "accept", "datagram", "close" }
                   select entries.Count(entry => entry == kind)];
    }
}

/// <summary>Does what its script says. Over UDP there are no connections to accept or close.</summary>
[GainProtocol]
internal partial struct ScriptedDatagrams(DatagramScript script)
{
    private readonly void OnStart(GainServer server)
    {
        script.Journal.Add("start");
        script.OnStart(server);
    }

    private readonly void OnAccept() => script.Journal.Add("accept");

    private readonly void OnDatagram(Datagram datagram, ReadOnlySpan<byte> data)
    {
        script.Journal.Add("datagram");
        script.OnDatagram(datagram, data);
        if (script.OnDatagramElsewhere is { } act)
        {
            DatagramHandle handle = datagram.Handle;
            GainAddress sender = datagram.RemoteAddress;
            byte[] copy = data.ToArray();
            script.DoElsewhere(() => act(handle, sender, copy));
        }
    }

    private readonly void OnClose() => script.Journal.Add("close");
}
