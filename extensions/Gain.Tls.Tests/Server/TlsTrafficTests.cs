using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Gain.Tests.Server;

namespace Gain.Tls.Tests.Server;

/// <summary>Handlers over TLS are the same as without.</summary>
[TestFixture(GainRing.Uring, GainArchitecture.Sharding)]
[TestFixture(GainRing.Uring, GainArchitecture.Reactor)]
[TestFixture(GainRing.Epoll, GainArchitecture.Sharding)]
[TestFixture(GainRing.Epoll, GainArchitecture.Reactor)]
public class TlsTrafficTests(GainRing ring, GainArchitecture architecture)
    : TlsServerTestBase(ring, architecture)
{
    [TestCase(SslProtocols.Tls12)]
    [TestCase(SslProtocols.Tls13)]
    public async Task What_is_sent_in_pieces_comes_back_whole(SslProtocols version)
    {
        GainServer server = Start(new JournalingEcho(Journal));
        await using SslStream client = await ConnectAsync(server, version);
        byte[] data = RecordTests.Noise(400_000);
        Task<byte[]> echo = ReadAsync(client, data.Length);
        int size = 1;
        for (int at = 0; at < data.Length;)
        {
            int count = Math.Min(size, data.Length - at);
            await client.WriteAsync(data.AsMemory(at, count));
            at += count;
            size = (size * 3 % 40_000) + 1;
        }

        Assert.That(await echo, Is.EqualTo(data));
        string[] entries = Journal.Entries;
        string name = version == SslProtocols.Tls12 ? "TLSv1.2" : "TLSv1.3";
        Assert.That(entries, Is.EqualTo((string[])[$"accepted {name} {Pair.Host} gain "]));
    }

    [Test]
    public async Task An_answer_that_is_larger_than_every_limit_arrives_whole()
    {
        GainServer server = Start(
            new Flood(),
            options: new GainOptions
            {
                Limits =
                {
                    MaxOutboundBytes = 1 << 20,
                    OutboundHighWatermarkBytes = 256 << 10,
                    OutboundLowWatermarkBytes = 64 << 10,
                },
            });
        await using SslStream client = await ConnectAsync(server);
        const int Total = 20_000_000;
        await client.WriteAsync(BitConverter.GetBytes(Total));
        byte[] answer = await ReadToEndAsync(client);
        Assert.That(answer, Has.Length.EqualTo(Total));
        int wrong = -1;
        for (int i = 0; i < Total && wrong < 0; i++)
        {
            wrong = answer[i] == (byte)(i * 7) ? -1 : i;
        }

        Assert.That(wrong, Is.EqualTo(-1), "the first byte that is wrong");
    }

    [Test]
    public async Task Frames_are_found_across_records()
    {
        GainServer server = Start(new Lines());
        await using SslStream client = await ConnectAsync(server);
        foreach (string piece in (string[])["one\ntw", "o", "\n", "\nthree and more", "\nend\n"])
        {
            await client.WriteAsync(Encoding.ASCII.GetBytes(piece));
        }

        const string Expected = "3\n3\n0\n14\n3\n";
        Assert.That(Encoding.ASCII.GetString(await ReadAsync(client, Expected.Length)), Is.EqualTo(Expected));
    }

    [Test]
    public async Task What_was_decrypted_while_reading_is_paused_is_delivered_on_resume()
    {
        var handles = new List<ConnectionHandle>();
        GainServer server = Start(new Stuttering(Journal, handles));
        await using SslStream client = await ConnectAsync(server);
        byte[] data = RecordTests.Noise(60_000);
        foreach (byte[] piece in data.Chunk(1_000))
        {
            await client.WriteAsync(piece);
        }

        Task<byte[]> echo = ReadAsync(client, data.Length);
        for (int reads = 1; !echo.IsCompleted; reads++)
        {
            Task<string[]> next = Journal.AwaitAsync(reads);
            if (await Task.WhenAny(next, echo) == next)
            {
                Assert.That(handles[reads - 1].TryResumeReading());
            }
        }

        Assert.That(await echo, Is.EqualTo(data));
    }

    [Test]
    public async Task A_handle_sends_from_another_thread()
    {
        var handles = new List<ConnectionHandle>();
        GainServer server = Start(new Stuttering(Journal, handles));
        await using SslStream client = await ConnectAsync(server);
        await client.WriteAsync("x"u8.ToArray());
        await Journal.AwaitAsync(1);
        for (int i = 0; i < 100; i++)
        {
            Assert.That(handles[0].TrySend("0123456789"u8));
        }

        string text = Encoding.ASCII.GetString(await ReadAsync(client, 1_001));
        Assert.That(text, Is.EqualTo("x" + string.Concat(Enumerable.Repeat("0123456789", 100))));
    }

    [Test]
    public async Task The_handler_knows_who_the_client_is()
    {
        TlsServerOptions options = ClientCertificateTests.Asking(TlsClientCertificates.Required);
        options.Certificate = Certificates.For(Pair.Host);
        options.ApplicationProtocols.Add("gain");
        GainServer server = Start(new JournalingEcho(Journal), options);
        using X509Certificate2 alice = Certificates.Make("alice");
        await using SslStream client = await ConnectAsync(server, certificate: alice);
        Assert.That(
            (await Journal.AwaitAsync(1))[0], Is.EqualTo($"accepted TLSv1.3 {Pair.Host} gain alice"));
    }

    [Test]
    public async Task Messages_allocate_nothing()
    {
        GainServer server = Start(new Lines());
        await using SslStream client = await ConnectAsync(server);
        byte[] line = Encoding.ASCII.GetBytes(new string('x', 90) + "\n");
        long before = 0;
        for (int i = 0; i < 3_000; i++)
        {
            await client.WriteAsync(line);
            await ReadAsync(client, 3);
            before = i == 1_000 ? server.Statistics.AllocatedBytes : before;
        }

        Assert.That(server.Statistics.AllocatedBytes - before, Is.Zero);
    }
}
