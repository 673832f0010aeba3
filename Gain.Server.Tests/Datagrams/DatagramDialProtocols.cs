using System.Text;

namespace Gain.Tests.Server.Datagrams;

/// <summary>A dialled socket that writes down what happens to it.</summary>
[GainProtocol]
internal partial struct Dialled(Journal journal)
{
    public ConnectionHandle Client;

    private readonly void OnDatagram(Datagram datagram, ReadOnlySpan<byte> data)
    {
        string text = Encoding.ASCII.GetString(data);
        journal.Add($"{text} from {datagram.RemoteAddress} at {datagram.LocalAddress}");
        _ = Client.TrySend(data);
        switch (text)
        {
            case "reply":
                datagram.Reply("replied"u8);
                datagram.SendTo(datagram.RemoteAddress, "sent"u8);
                break;
            case "close":
                datagram.Reply("closing"u8);
                datagram.Close();
                datagram.Close();
                journal.Add(datagram.TryReply("more"u8, out DatagramFailure closed) ? "more" : $"{closed}");
                break;
            case "stray":
                GainAddress other = GainAddress.FromIPEndPoint(new(System.Net.IPAddress.Loopback, 9));
                journal.Add(datagram.TrySendTo(other, data, out DatagramFailure stray) ? "sent" : $"{stray}");
                datagram.SendTo(other, data);
                break;
            case "throw":
                throw new InvalidOperationException("as asked");
        }
    }

    private readonly void OnDatagramClosed(DatagramEnd end)
    {
        journal.Add($"closed {end.ToString()} {end.Handle.IsOpen}");
        if (end.Reason == DatagramEndReason.Local && Client != default)
        {
            throw new InvalidOperationException("as asked");
        }
    }
}

/// <summary>Dials a socket for each connection, and passes on what both say.</summary>
[GainProtocol]
internal partial struct DatagramForwarder(Journal journal, DialTarget target)
{
    private DatagramHandle _peer;

    private void OnAccept(Connection connection) =>
        _peer = connection.DialDatagram(new Dialled(journal) { Client = connection.Handle }, target);

    private readonly void OnRead(ReadOnlySpan<byte> data) => _ = _peer.TrySend(data);

    private readonly void OnClose(Connection connection, CloseReason reason)
    {
        journal.Add($"{reason} {connection.Fault?.Message}");
        _ = _peer.TryClose();
    }
}

/// <summary>Dials in OnDatagram, once for each datagram, and says how it went.</summary>
[GainProtocol]
internal partial struct DatagramDialler(Journal journal, DialTarget target)
{
    private readonly void OnDatagram(Datagram datagram)
    {
        bool isBegun = datagram.TryDialDatagram(new Dialled(journal), target, out DatagramHandle handle);
        journal.Add(isBegun ? $"begun {handle.IsConnected}" : "at the limit");
        try
        {
            if (!isBegun)
            {
                datagram.DialDatagram(new Dialled(journal), target);
            }
        }
        catch (InvalidOperationException refused)
        {
            journal.Add(refused.Message);
        }
    }
}

/// <summary>Dials again in the place of what has ended, so many times.</summary>
[GainProtocol]
internal partial struct DatagramRedialler(DialTarget target, int times, Journal journal)
{
    private readonly void OnDatagram(Datagram datagram, ReadOnlySpan<byte> data)
    {
        datagram.Reply(data);
        datagram.Close();
    }

    private readonly void OnDatagramClosed(DatagramEnd end)
    {
        if (times == 0)
        {
            journal.Add($"{end.Reason}");
        }
        else
        {
            DatagramHandle next = end.DialDatagram(new DatagramRedialler(target, times - 1, journal), target);
            _ = next.TrySend("again"u8);
        }
    }
}

/// <summary>A dialled socket whose callback waits, so that datagrams wait in the socket.</summary>
[GainProtocol]
internal partial struct GatedDialled(Journal journal, ManualResetEventSlim gate)
{
    private readonly void OnDatagram(ReadOnlySpan<byte> data)
    {
        journal.Add($"{data[0]}");
        gate.Wait(Clients.Patience);
    }

    private readonly void OnDatagramClosed(DatagramEnd end) => journal.Add(end.ToString());
}

/// <summary>Counts the ends of its worker's sockets.</summary>
[GainProtocol]
internal partial struct CountingEnds(Journal journal)
{
    private readonly void OnDatagram(Datagram datagram) => datagram.Close();

    private readonly void OnDatagramClosed(EndCount count, DatagramEnd end) =>
        journal.Add($"{++count.Value} {end.Reason} {end.WorkerIndex}");
}

/// <summary>What a worker's ends count together.</summary>
[PerWorker]
internal sealed class EndCount
{
    public int Value { get; set; }
}

/// <summary>Closes what came to a listener, which only the server may.</summary>
[GainProtocol]
internal partial struct ListenerCloser(Journal journal)
{
    private readonly void OnDatagram(Datagram datagram)
    {
        journal.Add(datagram.Handle.TrySend("x"u8, out DatagramFailure failure) ? "sent" : $"{failure}");
        journal.Add($"{datagram.Handle.TryClose()} {datagram.Handle.IsConnected} {datagram.Handle.IsOpen}");
        datagram.Close();
    }
}
