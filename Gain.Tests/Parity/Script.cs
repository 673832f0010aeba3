using System.Collections.Concurrent;
using Gain.Tests.Server;

namespace Gain.Tests.Parity;

/// <summary>What a test wants done in the callbacks; all callbacks are counted in the journal.</summary>
internal sealed class Script
{
    private readonly ConcurrentQueue<Task> _elsewhere = new();

    public delegate void Act(Connection connection);

    public delegate void ActOnBytes(Connection connection, ReadOnlySpan<byte> data);

    /// <summary>What OnWrite does.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="bytes">The bytes that were sent.</param>
    /// <param name="nth">How often the connection's OnWrite has been called, this time included.</param>
    public delegate void ActOnCount(Connection connection, int bytes, int nth);

    public Journal Journal { get; } = new();

    public Action<GainServer> OnStart { get; init; } = static _ => { };

    public Act OnAccept { get; init; } = static _ => { };

    public ActOnBytes OnRead { get; init; } = static (_, _) => { };

    public ActOnCount OnWrite { get; init; } = static (_, _, _) => { };

    /// <summary>
    /// What is done about a read on another thread, with a copy of the bytes, as by the original's
    /// asynchronous handler.
    /// </summary>
    public Action<ConnectionHandle, byte[]>? OnReadElsewhere { get; init; }

    /// <summary>One that answers with what it was sent, in the callback or from another thread.</summary>
    public static Script Echo(bool isAsync) => isAsync
        ? new Script { OnReadElsewhere = Posted.Send }
        : new Script { OnRead = static (connection, data) => connection.Send(data) };

    /// <summary>Sends back what was read, there or on another thread, and closes.</summary>
    public static Script EchoAndClose(bool isAsync) => isAsync
        ? new Script
        {
            OnReadElsewhere = static (handle, data) =>
            {
                Posted.Send(handle, data);
                Posted.Close(handle);
            },
        }
        : new Script
        {
            OnRead = static (connection, data) =>
            {
                connection.Send(data);
                connection.Close();
            },
        };

    /// <summary>Has another thread do something about bytes that were read.</summary>
    public void DoElsewhere(Action<ConnectionHandle, byte[]> act, ConnectionHandle handle, byte[] data) =>
        _elsewhere.Enqueue(Task.Run(() => act(handle, data)));

    /// <summary>Waits for the end of so many connections, and of the server.</summary>
    /// <returns>How often OnStart, OnAccept, OnRead, OnWrite and OnClose ran.</returns>
    public async Task<int[]> CountAsync(GainServer server, int connections = 1)
    {
        await Journal.AwaitAsync(static entry => entry == "close", connections);
        await Task.WhenAll(_elsewhere).WaitAsync(Clients.Patience);
        await server.StopAsync().WaitAsync(Clients.Patience);
        string[] entries = Journal.Entries;
        return [.. from kind in new[] { "start", "accept", "read", "write", "close" }
                   select entries.Count(entry => entry == kind)];
    }
}

/// <summary>Does what its script says.</summary>
[GainProtocol]
internal partial struct ScriptedProtocol(Script script)
{
    private int _writes;

    private readonly void OnStart(GainServer server)
    {
        script.Journal.Add("start");
        script.OnStart(server);
    }

    private readonly void OnAccept(Connection connection)
    {
        script.Journal.Add("accept");
        script.OnAccept(connection);
    }

    private readonly void OnRead(Connection connection, ReadOnlySpan<byte> data)
    {
        script.Journal.Add("read");
        script.OnRead(connection, data);
        if (script.OnReadElsewhere is { } act)
        {
            script.DoElsewhere(act, connection.Handle, data.ToArray());
        }
    }

    private void OnWrite(Connection connection, int bytes)
    {
        script.Journal.Add("write");
        script.OnWrite(connection, bytes, ++_writes);
    }

    private readonly void OnClose() => script.Journal.Add("close");
}
