using System.Text;

namespace Gain.Tests.Server.Datagrams;

[GainProtocol]
internal partial struct DatagramEcho
{
    private static void OnDatagram(Datagram datagram, ReadOnlySpan<byte> data) => datagram.Reply(data);
}

/// <summary>Answers where a datagram came from and where it arrived.</summary>
[GainProtocol]
internal partial struct AddressTeller
{
    private static void OnDatagram(Datagram datagram)
    {
        Span<byte> text = stackalloc byte[2 * GainAddress.MaxTextLength + 1];
        datagram.RemoteAddress.TryFormat(text, out int remote);
        text[remote] = (byte)' ';
        datagram.LocalAddress.TryFormat(text[(remote + 1)..], out int local);
        datagram.Reply(text[..(remote + 1 + local)]);
    }
}

/// <summary>Notes each datagram: its length, its first byte, and whether it was cut off.</summary>
[GainProtocol]
internal partial struct DatagramJournal(Journal journal)
{
    private int _count;

    private readonly void OnStart() => journal.Add("start");

    private void OnDatagram(ReadOnlySpan<byte> data, Datagram datagram)
    {
        string cut = datagram.IsTruncated ? " cut" : "";
        journal.Add($"{++_count}: {data.Length}{cut}");
    }
}

/// <summary>Throws when it is asked to, and echoes all else.</summary>
[GainProtocol]
internal partial struct FaultyDatagrams
{
    private static void OnDatagram(Datagram datagram, ReadOnlySpan<byte> data)
    {
        datagram.Reply(data);
        if (data.StartsWith("throw"u8))
        {
            throw new InvalidOperationException("as asked");
        }
    }
}

/// <summary>Answers a number, as text, with so many datagrams of so many bytes: "count length".</summary>
[GainProtocol]
internal partial struct DatagramSource
{
    private static void OnDatagram(Datagram datagram, ReadOnlySpan<byte> data)
    {
        string[] words = Encoding.ASCII.GetString(data).Split(' ');
        byte[] answer = new byte[int.Parse(words[1])];
        int refused = 0;
        for (int i = 0; i < int.Parse(words[0]); i++)
        {
            answer.AsSpan().Fill((byte)i);
            refused += datagram.TryReply(answer) ? 0 : 1;
        }

        datagram.Reply(Encoding.ASCII.GetBytes($"refused {refused}"));
    }
}

/// <summary>Answers what became of a reply of as many bytes as it is told.</summary>
[GainProtocol]
internal partial struct ReplyTester
{
    private static void OnDatagram(Datagram datagram, ReadOnlySpan<byte> data)
    {
        byte[] answer = new byte[int.Parse(Encoding.ASCII.GetString(data))];
        _ = datagram.TryReply(answer, out DatagramFailure failure);
        string thrown = "nothing";
        try
        {
            datagram.Reply(answer);
        }
        catch (ArgumentException refused)
        {
            thrown = refused.Message;
        }

        datagram.Reply(Encoding.ASCII.GetBytes($"{failure}, {thrown}"));
    }
}
