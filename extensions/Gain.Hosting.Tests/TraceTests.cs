using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Gain.Hosting.Tests;

/// <summary>A handler has spans of its connections made.</summary>
[NonParallelizable]
public sealed class TraceTests
{
    [Test]
    public async Task Every_connection_is_a_span_with_its_times_its_client_and_its_end()
    {
        var spans = new ConcurrentQueue<Activity>();
        using var written = new SemaphoreSlim(0);
        using ActivityListener listener = Listen(span =>
        {
            spans.Enqueue(span);
            written.Release();
        });
        using IHost host = Build();
        using (new Activity("the start of the program").Start())
        {
            await host.StartAsync();
        }

        DateTime before = DateTime.UtcNow;
        DateTime after;
        EndPoint client;
        using (Socket inOrder = await ConnectAsync(host))
        {
            client = inOrder.LocalEndPoint!;
            inOrder.Shutdown(SocketShutdown.Send);
            int more = await inOrder.ReceiveAsync(new byte[1]).WaitAsync(TestHost.Patience);
            Assert.That(more, Is.Zero);

            // OnClose comes before the server's FIN, so the span ends before now, whenever it is written.
            after = DateTime.UtcNow;
        }

        // It is written while the host runs.
        Assert.That(await written.WaitAsync(TestHost.Patience));
        using (Socket reset = await ConnectAsync(host))
        {
            reset.LingerState = new LingerOption(true, 0);
        }

        Assert.That(await written.WaitAsync(TestHost.Patience));
        using Socket left = await ConnectAsync(host);
        await host.StopAsync();

        // And of what the stop has closed, at its end.
        Activity[] all = [.. spans];
        Assert.That(all.Select(one => one.GetTagItem("gain.close.reason")), Is.EqualTo(
            ["PeerClosed", "Reset", "ServerStopped"]));
        Assert.That(all.Select(one => one.Status), Is.EqualTo(
            [ActivityStatusCode.Unset, ActivityStatusCode.Error, ActivityStatusCode.Unset]));
        Assert.That(all[0].StartTimeUtc, Is.InRange(before, after));
        Assert.That(all[0].StartTimeUtc + all[0].Duration, Is.InRange(all[0].StartTimeUtc, after));
        Assert.That(all[0].GetTagItem("client.address"), Is.EqualTo("127.0.0.1"));
        Assert.That(all[0].GetTagItem("client.port"), Is.EqualTo(((IPEndPoint)client).Port));
        Assert.That(all.Select(one => one.ParentId), Has.All.Null);
        Assert.That(all.Select(one => one.OperationName), Has.All.EqualTo("gain.connection"));
        Assert.That(all.Select(one => one.Kind), Has.All.EqualTo(ActivityKind.Server));
    }

    [Test]
    public void Without_a_listener_nothing_is_kept()
    {
        using var traces = new ConnectionTraces();
        ConnectionTrace trace = traces.Begin(default);
        for (int i = 0; i <= ConnectionTraces.Capacity; i++)
        {
            traces.End(trace, CloseReason.Local);
        }

        Assert.That(trace.Began, Is.Zero);
        Assert.That(traces.Dropped, Is.Zero);
    }

    [Test]
    public void Full_queue_drops_and_counts_and_the_calls_allocate_nothing()
    {
        var spans = new List<Activity>();
        using ActivityListener listener = Listen(spans.Add);
        using var traces = new ConnectionTraces();
        var trace = new ConnectionTrace(DateTime.UtcNow.Ticks, GainAddress.Unix);
        traces.End(trace, CloseReason.Local);
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 1; i < ConnectionTraces.Capacity + 3; i++)
        {
            traces.End(trace, CloseReason.Local);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - allocated, Is.Zero);
        Assert.That(traces.Dropped, Is.EqualTo(3));
        traces.Write();
        Assert.That(spans, Has.Count.EqualTo(ConnectionTraces.Capacity));
        Assert.That(spans[0].GetTagItem("client.address"), Is.Null, "a Unix socket");

        // There is room again, in the next round of places.
        traces.End(trace, CloseReason.Local);
        traces.Write();
        Assert.That(spans, Has.Count.EqualTo(ConnectionTraces.Capacity + 1));
        Assert.That(traces.Dropped, Is.EqualTo(3));
    }

    [Test]
    public async Task Records_of_many_threads_all_arrive_once()
    {
        const int Producers = 4;
        const int Each = 50_000;
        var queue = new TraceQueue(256);
        Task[] producers =
        [
            .. Enumerable.Range(0, Producers).Select(producer => Task.Run(() =>
            {
                for (int i = 0; i < Each; i++)
                {
                    long number = ((long)producer * Each) + i;
                    var record = new EndedTrace(
                        new ConnectionTrace(number, default), number, CloseReason.Local);
                    while (!queue.TryAdd(record))
                    {
                        Thread.Yield();
                    }
                }
            })),
        ];
        var next = new long[Producers];
        for (int taken = 0; taken < Producers * Each;)
        {
            if (!queue.TryTake(out EndedTrace record))
            {
                Thread.Yield();
                continue;
            }

            taken++;
            Assert.That(record.Trace.Began, Is.EqualTo(record.Ended), "a record is whole");
            long producer = record.Ended / Each;
            Assert.That(record.Ended % Each, Is.EqualTo(next[producer]++), "each thread's are in order");
        }

        await Task.WhenAll(producers).WaitAsync(TestHost.Patience);
        Assert.That(queue.TryTake(out _), Is.False);
    }

    private static IHost Build() => TestHost.Build(services => services
        .AddGainTraces().AddGainTraces()
        .AddGainServer<TracedEcho>("echo")
        .Listen("tcp://127.0.0.1:0")

        // The stop is over before the next second, so that what is left is written by the stop itself.
        .Configure(options => options.Timeouts.Linger = TimeSpan.Zero)
        .WithPrototype(provider => new TracedEcho(provider.GetRequiredService<ConnectionTraces>())));

    private static ActivityListener Listen(Action<Activity> stopped)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Gain",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = stopped,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    // The echo says that it is accepted.
    private static async Task<Socket> ConnectAsync(IHost host)
    {
        Socket client = await TestHost.ConnectAsync(host, "echo");
        await client.SendAsync("x"u8.ToArray()).WaitAsync(TestHost.Patience);
        Assert.That(await client.ReceiveAsync(new byte[1]).WaitAsync(TestHost.Patience), Is.EqualTo(1));
        return client;
    }
}
