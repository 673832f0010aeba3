using System.Net.Sockets;
using System.Runtime.InteropServices;
using Gain.Kernel;
using Gain.Sockets;

namespace Gain.Tests.Server.SocketOptions;

public partial class NiceValueTests(GainRing ring) : ServerTest(ring)
{
    [Test]
    public async Task Workers_have_the_nice_value_and_the_process_keeps_its_own()
    {
        int own = ReadNice();
        int asked = Math.Min(own + 3, 19);
        var journal = new Journal();
        GainServer server = Start(
            new NiceProtocol(journal), new GainOptions { WorkerCount = 2, NiceValue = asked });

        var clients = new List<Socket>();
        for (int i = 0; i < 8; i++)
        {
            clients.Add(await Clients.ConnectAsync(server));
        }

        Assert.That(await journal.AwaitAsync(clients.Count), Has.All.EqualTo($"nice {asked}"));
        Assert.That(ReadNice(), Is.EqualTo(own));
        clients.ForEach(client => client.Dispose());
    }

    [Test]
    public void Start_that_may_not_have_the_nice_value_says_what_it_needs()
    {
        GainException? refused = null;
        var thread = new Thread(() => refused = Refusal());
        thread.Start();
        thread.Join();
        if (refused is null)
        {
            Assert.Ignore("This process may not give CAP_SYS_NICE up for a thread (capset(2)).");
            return;
        }

        Assert.That(refused.ErrorCode, Is.EqualTo(GainError.PermissionDenied));
        Assert.That(
            refused.Message,
            Does.StartWith("Cannot give worker 3 the nice value -20: ").And.Contain("CAP_SYS_NICE")
                .And.Contain("ulimit -e 40").And.Contain("GainOptions.NiceValue"));
    }

    // On a thread of its own, which has no capability afterwards.
    private static GainException? Refusal()
    {
        Span<uint> header = [0x20080522, 0];
        Span<uint> none = stackalloc uint[6];
        if (capset(ref header[0], ref none[0]) != 0)
        {
            return null;
        }

        try
        {
            ThreadNice.Set(worker: 3, nice: -20);
            return null;
        }
        catch (GainException refused)
        {
            return refused;
        }
    }

    internal static int ReadNice() => getpriority(0, 0);

    [LibraryImport("libc")]
    private static partial int getpriority(int which, uint who);

    [LibraryImport("libc")]
    private static partial int capset(ref uint header, ref uint data);
}

/// <summary>Says how nice its thread is.</summary>
[GainProtocol]
internal partial struct NiceProtocol(Journal journal)
{
    private readonly void OnAccept() => journal.Add($"nice {NiceValueTests.ReadNice()}");
}
