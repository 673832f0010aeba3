namespace Gain.Tests.Server.Dialling;

/// <summary>An outgoing connection that writes down what happens to it.</summary>
[GainProtocol]
internal partial struct Upstream(Journal journal)
{
    public ConnectionHandle Client;

    private readonly void OnConnect(Connection connection) =>
        journal.Add($"connect {connection.WorkerIndex}");

    private readonly void OnConnectFailed(ConnectFailure failure)
    {
        journal.Add($"failed {failure.Reason} {failure.Errno}");
        _ = Client.TryClose();
    }

    private readonly void OnRead(ReadOnlySpan<byte> data)
    {
        journal.Add($"read {System.Text.Encoding.ASCII.GetString(data)}");
        _ = Client.TrySend(data);
    }

    private readonly void OnClose(CloseReason reason)
    {
        journal.Add($"close {reason}");
        _ = Client.TryClose();
    }
}

/// <summary>Dials when it is accepted, and writes on what it reads.</summary>
[GainProtocol]
internal partial struct Forwarder(Journal journal, DialTarget target)
{
    private ConnectionHandle _upstream;

    private void OnAccept(Connection connection) =>
        _upstream = connection.Dial(new Upstream(journal) { Client = connection.Handle }, target);

    private readonly void OnRead(ReadOnlySpan<byte> data) => _ = _upstream.TrySend(data);

    private readonly void OnClose() => _ = _upstream.TryClose();
}

/// <summary>Dials when it is accepted, and then closes or aborts the dial in the same callback.</summary>
[GainProtocol]
internal partial struct Changeable(Journal journal, DialTarget target, bool aborts)
{
    private readonly void OnAccept(Connection connection)
    {
        ConnectionHandle upstream = connection.Dial(new Upstream(journal), target);
        _ = aborts ? upstream.TryAbort() : upstream.TryClose();
    }
}

/// <summary>An outgoing connection that throws where it is told to.</summary>
[GainProtocol]
internal partial struct Throwing(Journal journal, bool atConnect)
{
    private readonly void OnConnect()
    {
        journal.Add("connect");
        if (atConnect)
        {
            throw new InvalidOperationException("as asked");
        }
    }

    private readonly void OnConnectFailed()
    {
        journal.Add("failed");
        throw new InvalidOperationException("as asked");
    }

    private readonly void OnClose(CloseReason reason) => journal.Add($"close {reason}");
}

/// <summary>Dials itself again and again.</summary>
[GainProtocol]
internal partial struct Redialler(DialTarget target, int times, TaskCompletionSource ended)
{
    private readonly void OnConnect(Connection connection)
    {
        connection.Close();
        if (times == 0)
        {
            ended.SetResult();
        }
        else
        {
            connection.Dial(new Redialler(target, times - 1, ended), target);
        }
    }

    // The test would wait for the others in vain.
    private readonly void OnConnectFailed(ConnectFailure failure) =>
        ended.TrySetException(new InvalidOperationException($"A dial failed, {times} are left: {failure}"));
}

/// <summary>The two ends of a relay without a mailbox: each writes to the other directly.</summary>
[GainProtocol]
internal partial struct Borrower(Journal journal, DialTarget target)
{
    private ConnectionHandle _other;

    public Borrower(Journal journal, ConnectionHandle other)
        : this(journal, default(DialTarget)) => _other = other;

    private void OnAccept(Connection connection) =>
        _other = connection.Dial(new Borrower(journal, connection.Handle), target);

    private readonly void OnRead(Connection connection, ReadOnlySpan<byte> data)
    {
        if (!connection.TryBorrow(_other, out Connection other))
        {
            journal.Add("the other is gone");
            return;
        }

        other.Send(data);
        if (data.SequenceEqual("bye"u8))
        {
            other.Close();
        }
    }

    private readonly void OnClose(Connection connection, CloseReason reason) =>
        journal.Add($"close {reason} {connection.ListenerIndex}");
}

/// <summary>Dials with a type that was not registered.</summary>
[GainProtocol]
internal partial struct Unregistered(Journal journal, DialTarget target)
{
    private readonly void OnAccept(Connection connection) => connection.Dial(new Upstream(journal), target);

    private readonly void OnClose(Connection connection, CloseReason reason) =>
        journal.Add($"close {reason} {connection.Fault?.Message}");
}

/// <summary>What a worker's dialled connections count together.</summary>
[PerWorker]
internal sealed class DialCount
{
    public int Value { get; set; }
}

/// <summary>An outgoing connection that counts in its worker, and is sent messages.</summary>
[GainProtocol]
internal partial struct Counting(Journal journal)
{
    private readonly void OnConnect(DialCount count) => count.Value++;

    private readonly void OnMessage(int number, DialCount count) =>
        journal.Add($"message {number} of {count.Value}");
}
