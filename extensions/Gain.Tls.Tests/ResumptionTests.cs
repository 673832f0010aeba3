namespace Gain.Tls.Tests;

/// <summary>Clients that resume the sessions of the servers that they dial again.</summary>
public class ResumptionTests
{
    private static readonly ResumptionTarget s_target = new(Pair.Host, 443);

    [Test]
    public void The_next_dial_of_a_server_resumes([Versions] TlsVersion version)
    {
        using TlsContext server = TlsContext.ForServer(RecordTests.Only(Pair.ServerOptions(), version));
        using TlsContext client = TlsContext.ForClient(Pair.ClientOptions());
        Assert.That(Dial(server, client), Is.EqualTo((false, true)));
        for (int i = 0; i < 5; i++)
        {
            Assert.That(Dial(server, client), Is.EqualTo((true, true)), "by what the one before was given");
        }
    }

    [Test]
    public void A_ticket_of_TLS_1_3_is_offered_once()
    {
        using TlsContext server = TlsContext.ForServer(Pair.ServerOptions());
        using TlsContext client = TlsContext.ForClient(Pair.ClientOptions());
        Dial(server, client);
        int count = client.Resumptions!.Count;
        Assert.That(count, Is.InRange(1, ResumptionCache.MaxPerTarget));
        var pairs = new List<Pair>();
        for (int i = 0; i <= count; i++)
        {
            pairs.Add(new Pair(server, client, target: s_target));
        }

        Assert.That(client.Resumptions.Count, Is.Zero, "they are taken when they are offered");
        pairs.ForEach(pair => pair.Connect());
        Assert.That(pairs.Select(pair => pair.Client.Session.IsResumed).Count(resumed => resumed),
            Is.EqualTo(count));
        pairs.ForEach(pair => pair.Dispose());
    }

    [TestCase("other.example", 443)]
    [TestCase(Pair.Host, 444)]
    [TestCase(null, 443)]
    public void Another_host_or_port_does_not_resume(string? host, int port)
    {
        using TlsContext server = TlsContext.ForServer(Pair.ServerOptions());
        using TlsContext client = TlsContext.ForClient(Pair.ClientOptions());
        Dial(server, client);
        Assert.That(Dial(server, client, new ResumptionTarget(host, port)), Is.EqualTo((false, true)));
        Assert.That(Dial(server, client), Is.EqualTo((true, true)), "its own is there still");
    }

    [Test]
    public void It_can_be_turned_off([Versions] TlsVersion version)
    {
        using TlsContext server = TlsContext.ForServer(RecordTests.Only(Pair.ServerOptions(), version));
        TlsClientOptions options = Pair.ClientOptions();
        options.ResumesSessions = false;
        using TlsContext client = TlsContext.ForClient(options);
        Dial(server, client);
        Assert.That(client.Resumptions, Is.Null);
        Assert.That(Dial(server, client), Is.EqualTo((false, true)));
    }

    [Test]
    public void A_ticket_that_is_refused_is_a_handshake_in_full([Versions] TlsVersion version)
    {
        TlsServerOptions options = RecordTests.Only(Pair.ServerOptions(), version);
        using TlsContext server = TlsContext.ForServer(options);
        using TlsContext client = TlsContext.ForClient(Pair.ClientOptions());
        Dial(server, client);
        options.TicketKeys!.Rotate(kept: 1);
        options.TicketKeys!.Rotate(kept: 1);
        Assert.That(Dial(server, client), Is.EqualTo((false, true)));
        Assert.That(Dial(server, client), Is.EqualTo((true, true)), "by the ticket of the new key");
    }

    // The certificate of the second server is for another name: only a resumption could lead around that.
    [Test]
    public void A_server_that_refuses_a_ticket_has_to_show_its_certificate([Versions] TlsVersion version)
    {
        TlsServerOptions options = RecordTests.Only(Pair.ServerOptions(), version);
        using TlsContext server = TlsContext.ForServer(options);
        using TlsContext client = TlsContext.ForClient(Pair.ClientOptions());
        Dial(server, client);
        options.TicketKeys!.Rotate(kept: 1);
        options.TicketKeys!.Rotate(kept: 1);
        options.Certificate = Certificates.For("other.example");
        using TlsContext other = TlsContext.ForServer(options);
        Assert.That(Dial(other, client), Is.EqualTo((false, false)));
    }

    [Test]
    public void Other_options_have_other_tickets([Versions] TlsVersion version)
    {
        using TlsContext server = TlsContext.ForServer(RecordTests.Only(Pair.ServerOptions(), version));
        using TlsContext client = TlsContext.ForClient(Pair.ClientOptions());
        Dial(server, client);
        using TlsContext strict = TlsContext.ForClient(new TlsClientOptions());
        Assert.That(Dial(server, strict), Is.EqualTo((false, false)), "the root is not of the system's");
    }

    [Test]
    public void A_certificate_that_was_refused_leaves_no_ticket([Versions] TlsVersion version)
    {
        using TlsContext server = TlsContext.ForServer(RecordTests.Only(Pair.ServerOptions(), version));
        using TlsContext client = TlsContext.ForClient(new TlsClientOptions());
        Assert.That(Dial(server, client), Is.EqualTo((false, false)));
        Assert.That(client.Resumptions!.Count, Is.Zero);
    }

    [Test]
    public void No_more_are_kept_than_may_be_and_the_oldest_go()
    {
        using TlsContext server = TlsContext.ForServer(
            RecordTests.Only(Pair.ServerOptions(), TlsVersion.Tls12));
        TlsClientOptions options = Pair.ClientOptions();
        options.MaxResumptions = 3;
        using TlsContext client = TlsContext.ForClient(options);
        for (int port = 1; port <= 5; port++)
        {
            Dial(server, client, new ResumptionTarget(Pair.Host, port));
            Assert.That(client.Resumptions!.Count, Is.EqualTo(Math.Min(port, 3)));
        }

        // From the last on: a handshake in full brings another, for which one goes.
        bool[] resumed =
        [
            .. Enumerable.Range(1, 5).Reverse()
                .Select(port => Dial(server, client, new ResumptionTarget(Pair.Host, port)).IsResumed),
        ];
        Assert.That(resumed, Is.EqualTo(new[] { true, true, true, false, false }));
    }

    [Test]
    public void A_server_that_sends_many_pushes_no_others_out()
    {
        using TlsContext server = TlsContext.ForServer(Pair.ServerOptions());
        TlsClientOptions options = Pair.ClientOptions();
        options.ResumptionLifetime = TimeSpan.FromDays(1);
        using TlsContext client = TlsContext.ForClient(options);
        Dial(server, client, new ResumptionTarget("quiet", 1));
        int before = client.Resumptions!.Count;
        var pairs = Enumerable.Range(0, 20).Select(_ => new Pair(server, client, target: s_target)).ToList();
        pairs.ForEach(pair => pair.Connect());
        pairs.ForEach(pair => pair.Dispose());
        Assert.That(client.Resumptions.Count, Is.EqualTo(before + ResumptionCache.MaxPerTarget));
    }

    [Test]
    public void A_ticket_has_its_time([Versions] TlsVersion version)
    {
        using Pair pair = new Pair(RecordTests.Only(Pair.ServerOptions(), version)).Connect();
        pair.Server.Send("data");
        pair.Pump();
        pair.Client.Close();
        Assert.That(IsOffered(pair, keptAt: 0, offeredAt: 59_999), Is.True);
        Assert.That(IsOffered(pair, keptAt: 0, offeredAt: 60_000), Is.False);
        Assert.That(IsOffered(pair, keptAt: 60_000, offeredAt: 60_000), Is.True);
    }

    [TestCase(0, 1, nameof(TlsClientOptions.ResumptionLifetime))]
    [TestCase(8, 1, nameof(TlsClientOptions.ResumptionLifetime))]
    [TestCase(1, 0, nameof(TlsClientOptions.MaxResumptions))]
    [TestCase(1, 4_097, nameof(TlsClientOptions.MaxResumptions))]
    public void Bounds_that_cannot_be_used_are_refused(int days, int count, string option)
    {
        var options = new TlsClientOptions
        {
            ResumptionLifetime = TimeSpan.FromDays(days), MaxResumptions = count,
        };
        Assert.That(
            () => options.Copy(),
            Throws.TypeOf<TlsException>().With.Message.StartsWith($"{option} cannot be used"));
    }

    [Test]
    public void A_handshake_that_resumes_allocates_no_more_than_one_in_full([Versions] TlsVersion version)
    {
        TlsClientOptions off = Pair.ClientOptions();
        off.ResumesSessions = false;
        long full = LeastAllocated(off, version, isResumed: false);
        long resumed = LeastAllocated(Pair.ClientOptions(), version, isResumed: true);
        Assert.That(resumed, Is.LessThanOrEqualTo(full));
    }

    private static (bool IsResumed, bool IsUp) Dial(
        TlsContext server, TlsContext client, ResumptionTarget? target = null)
    {
        using var pair = new Pair(server, client, target: target ?? s_target);
        pair.Pump();
        bool isUp = pair.Client.Session.IsHandshaken && pair.Server.Session.IsHandshaken;
        bool isResumed = pair.Client.Session.IsResumed;
        if (isUp)
        {
            Assert.That(pair.Server.Session.IsResumed, Is.EqualTo(isResumed));
            pair.Client.Close();
        }

        return (isResumed, isUp);
    }

    // SAFETY: get1 gives a reference, which the cache takes over.
    private static bool IsOffered(Pair pair, long keptAt, long offeredAt)
    {
        using var cache = new ResumptionCache(8, TimeSpan.FromMinutes(1));
        TlsResumption ticket = pair.Client.Session.GetResumption()!;
        Assert.That(cache.TryKeep(s_target, ticket.DangerousGetHandle(), keptAt), Is.True);
        ticket.SetHandleAsInvalid();
        nint ssl = OpenSsl.LibSsl.SSL_new(pair.ClientContext.Pointer);
        try
        {
            return cache.TryOffer(s_target, ssl, offeredAt);
        }
        finally
        {
            OpenSsl.LibSsl.SSL_free(ssl);
        }
    }

    private static long LeastAllocated(TlsClientOptions options, TlsVersion version, bool isResumed)
    {
        using TlsContext server = TlsContext.ForServer(RecordTests.Only(Pair.ServerOptions(), version));
        using TlsContext client = TlsContext.ForClient(options);
        using var window = new TlsWindow();
        var session = new TlsSession();
        var wire = new Wire();
        var plain = new byte[16384];
        long least = long.MaxValue;
        for (int round = 0; round < 5; round++)
        {
            Dial(server, client);
            using var peer = new Peer(server);
            long before = GC.GetAllocatedBytesForCurrentThread();
            session.Start(client, window, host: Pair.Host, target: s_target);
            Take(session, [], wire, plain);
            long spent = GC.GetAllocatedBytesForCurrentThread() - before;
            while (wire.Count != 0)
            {
                peer.Receive(wire.TakeAll());
                byte[] answer = peer.Sent.TakeAll();
                before = GC.GetAllocatedBytesForCurrentThread();
                Take(session, answer, wire, plain);
                spent += GC.GetAllocatedBytesForCurrentThread() - before;
            }

            Assert.That(session.IsResumed, Is.EqualTo(isResumed));
            var output = new WireOutput(wire);
            session.Close(ref output);
            session.End();
            wire.TakeAll();
            least = Math.Min(least, spent);
        }

        return least;
    }

    private static void Take(TlsSession session, ReadOnlySpan<byte> from, Wire to, byte[] plain)
    {
        var output = new WireOutput(to);
        while (session.Receive(ref from, plain, ref output, out _) is TlsStatus.Data or TlsStatus.Handshaken)
        {
        }
    }
}
