namespace Gain.Tls.Tests;

/// <summary>Records, however they arrive.</summary>
public class RecordTests
{
    [TestCase(TlsVersion.Tls12)]
    [TestCase(TlsVersion.Tls13)]
    public void Records_byte_by_byte_are_the_same_records(TlsVersion version)
    {
        using var pair = new Pair(Only(Pair.ServerOptions(), version), Pair.ClientOptions());
        pair.Pump(maxPiece: 1);
        pair.Client.Send("one");
        pair.Client.Send("two");
        pair.Server.Send("three");
        pair.Pump(maxPiece: 1);
        Assert.That(pair.Server.ReceivedText, Is.EqualTo("onetwo"), pair.Faults());
        Assert.That(pair.Client.ReceivedText, Is.EqualTo("three"));
        Assert.That((pair.Client.Handshakes, pair.Server.Handshakes), Is.EqualTo((1, 1)));
    }

    [Test]
    public void One_record_over_three_receives_is_delivered_once()
    {
        using Pair pair = new Pair().Connect();
        pair.Client.Send("whole");
        byte[] record = pair.Client.Sent.TakeAll();
        pair.Server.Receive(record.AsSpan(0, 3));
        pair.Server.Receive(record.AsSpan(3, 10));
        Assert.That(pair.Server.ReceivedText, Is.Empty);
        pair.Server.Receive(record.AsSpan(13));
        Assert.That(pair.Server.ReceivedText, Is.EqualTo("whole"));
    }

    [Test]
    public void Many_records_in_one_receive_are_all_delivered()
    {
        using Pair pair = new Pair().Connect();
        for (int i = 0; i < 100; i++)
        {
            pair.Client.Send($"{i},");
        }

        int left = pair.Server.Receive(pair.Client.Sent.TakeAll());
        Assert.That(left, Is.Zero);
        Assert.That(pair.Server.ReceivedText,
            Is.EqualTo(string.Concat(Enumerable.Range(0, 100).Select(i => $"{i},"))));
    }

    [TestCase(16384)]
    [TestCase(1000)]
    [TestCase(0)]
    public void A_megabyte_arrives_whatever_room_the_output_has(int room)
    {
        using Pair pair = new Pair().Connect();
        pair.Server.Sent.MaxRoom = room;
        byte[] data = Noise(1 << 20);
        Assert.That(pair.Server.Send(data), Is.EqualTo(TlsStatus.Written));
        pair.Pump();
        Assert.That(pair.Client.Received.ToArray(), Is.EqualTo(data));
    }

    [TestCase(TlsVersion.Tls12, "ECDHE+AESGCM")]
    [TestCase(TlsVersion.Tls12, "ECDHE+CHACHA20")]
    [TestCase(TlsVersion.Tls13, "ECDHE+AESGCM")]
    public void A_full_record_fits_a_segment_and_is_written_in_place(TlsVersion version, string ciphers)
    {
        TlsServerOptions options = Only(Pair.ServerOptions(), version);
        options.Ciphers = ciphers;
        using Pair pair = new Pair(options).Connect();
        pair.Server.Sent.TakeAll();
        int calls = pair.Server.Sent.Calls;
        pair.Server.Send(Noise(TlsSession.MaxFragment));
        Assert.That(pair.Server.Sent.Count, Is.InRange(TlsSession.MaxFragment + 1, 16384));
        Assert.That(pair.Server.Sent.Calls - calls, Is.EqualTo(1));
    }

    [Test]
    public void A_cipher_with_more_overhead_goes_through_the_spill()
    {
        TlsServerOptions options = Only(Pair.ServerOptions(), TlsVersion.Tls12);
        options.Ciphers = "ECDHE-ECDSA-AES256-SHA384";
        TlsClientOptions client = Pair.ClientOptions();
        client.Ciphers = options.Ciphers;
        using Pair pair = new Pair(options, client).Connect();
        byte[] data = Noise(3 * TlsSession.MaxFragment);
        pair.Server.Send(data);
        Assert.That(pair.Server.Sent.Count, Is.GreaterThan(3 * 16384));
        pair.Pump();
        Assert.That(pair.Client.Received.ToArray(), Is.EqualTo(data));
    }

    [Test]
    public void Plaintext_that_OpenSSL_holds_is_delivered_without_another_receive()
    {
        using Pair pair = new Pair().Connect();
        pair.Client.Send(Noise(9000));
        pair.Client.Send(Noise(1000));
        ReadOnlySpan<byte> input = pair.Client.Sent.TakeAll();
        int whole = input.Length;
        var output = new WireOutput(pair.Server.Sent);
        var room = new byte[4096];
        Assert.That(pair.Server.Session.Receive(ref input, room, ref output, out int first),
            Is.EqualTo(TlsStatus.Data));
        Assert.That(pair.Server.Session.HasPlaintext, Is.True);
        Assert.That(input.Length, Is.InRange(1, whole - 9000));

        // What follows the record was not taken: a reader that pauses keeps it, and the session holds one
        // record.
        ReadOnlySpan<byte> none = default;
        int total = first;
        while (pair.Server.Session.Receive(ref none, room, ref output, out int more) == TlsStatus.Data)
        {
            total += more;
        }

        Assert.That(total, Is.EqualTo(9000));
        Assert.That(pair.Server.Session.HasPlaintext, Is.False);
        Assert.That(pair.Server.Receive(input), Is.Zero);
        Assert.That(pair.Server.Received.Length, Is.EqualTo(1000));
    }

    [Test]
    public void A_smaller_fragment_makes_smaller_records()
    {
        using Pair pair = new Pair().Connect();
        pair.Server.Sent.TakeAll();
        var output = new WireOutput(pair.Server.Sent);
        pair.Server.Session.Send(Noise(4000), ref output, fragment: 1300);
        Assert.That(((pair.Server.Sent.Bytes[3] << 8) | pair.Server.Sent.Bytes[4]), Is.InRange(1300, 1364));
        Assert.That(pair.Server.Sent.Calls, Is.GreaterThanOrEqualTo(4));
    }

    internal static byte[] Noise(int count)
    {
        var data = new byte[count];
        new Random(count).NextBytes(data);
        return data;
    }

    internal static TlsServerOptions Only(TlsServerOptions options, TlsVersion version)
    {
        options.MinimumVersion = options.MaximumVersion = version;
        return options;
    }
}
