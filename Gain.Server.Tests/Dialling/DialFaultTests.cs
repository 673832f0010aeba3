using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Gain.Kernel;

namespace Gain.Tests.Server.Dialling;

/// <summary>Dials that the machine has nothing for: no descriptor, no network.</summary>
[NonParallelizable]
public class DialFaultTests(GainRing ring) : ServerTest(ring)
{
    private const int NewNetwork = 0x4000_0000;
    private const int DescriptorLimit = 7;

    [Test]
    public async Task Dial_without_a_descriptor_fails_with_NoDescriptor_and_the_next_one_works(
        [Values] bool isNamed)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(16);
        int port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        IPAddress[] loopback = [IPAddress.Loopback];
        var options = new DialOptions { Resolver = _ => Task.FromResult(loopback) };
        await using var client = new DiallingClient(Ring, options);
        DialTarget target = DialTarget.Parse(isNamed ? $"tcp://a.test:{port}" : $"tcp://127.0.0.1:{port}");

        // Whatever the first use of all this opens is there before there is no descriptor.
        await client.Dialler.DialAsync(target).WaitAsync(Clients.Patience);
        ConnectFailure failure = await WithoutDescriptorsAsync(client, target);
        Assert.That(failure.Reason, Is.EqualTo(ConnectFailureReason.NoDescriptor));
        Assert.That(failure.Errno, Is.EqualTo(Errno.EMFILE));
        await client.Dialler.DialAsync(target).WaitAsync(Clients.Patience);
        Assert.That(
            await client.Journal.AwaitAsync(3),
            Is.EqualTo(new[] { "connect 0", $"failed NoDescriptor {Errno.EMFILE}", "connect 0" }));
    }

    // A thread that has left the machine's network starts the worker, whose thread is there as well.
    [Test]
    public async Task Host_without_a_route_fails_with_Unreachable([Values] bool isNamed)
    {
        DiallingClient? client = null;
        int error = 0;
        var options = new DialOptions
        {
            Resolver = static _ => Task.FromResult(
                new[] { IPAddress.Parse("2001:db8::1"), IPAddress.Parse("192.0.2.1") }),
        };
        var thread = new Thread(() =>
        {
            error = Unshare(NewNetwork) == 0 ? 0 : Marshal.GetLastPInvokeError();
            client = error == 0 ? new DiallingClient(Ring, options) : null;
        });
        thread.Start();
        thread.Join();
        if (client is null)
        {
            Assert.Ignore($"No network of its own without CAP_SYS_ADMIN: unshare gave {Errno.Name(error)}.");
        }

        await using (client)
        {
            DialTarget target = DialTarget.Parse(isNamed ? "tcp://a.test:9" : "tcp://192.0.2.1:9");
            var failure = Assert.ThrowsAsync<GainException>(
                async () => await client!.Dialler.DialAsync(target).WaitAsync(Clients.Patience))!;
            Assert.That(
                failure.ConnectFailure!.Value.Reason, Is.EqualTo(ConnectFailureReason.Unreachable));
            Assert.That(
                client!.Journal.Entries, Is.EqualTo(new[] { $"failed Unreachable {Errno.ENETUNREACH}" }));
        }
    }

    private static async Task<ConnectFailure> WithoutDescriptorsAsync(
        DiallingClient client, DialTarget target)
    {
        Assert.That(GetLimit(DescriptorLimit, out ResourceLimit limit), Is.Zero);
        int free = Libc.EventFd(0, Libc.EFD_CLOEXEC);
        Libc.Close(free);
        ResourceLimit none = limit with { Soft = (ulong)free };
        Assert.That(SetLimit(DescriptorLimit, in none), Is.Zero);
        try
        {
            await client.Dialler.DialAsync(target).WaitAsync(Clients.Patience);
        }
        catch (GainException refused) when (refused.ConnectFailure is not null)
        {
            return refused.ConnectFailure.Value;
        }
        finally
        {
            Assert.That(SetLimit(DescriptorLimit, in limit), Is.Zero);
        }

        throw new AssertionException("it was dialled without a descriptor");
    }

    [DllImport("libc", EntryPoint = "unshare", SetLastError = true)]
    private static extern int Unshare(int what);

    [DllImport("libc", EntryPoint = "getrlimit")]
    private static extern int GetLimit(int what, out ResourceLimit limit);

    [DllImport("libc", EntryPoint = "setrlimit")]
    private static extern int SetLimit(int what, in ResourceLimit limit);

    /// <summary>rlimit of getrlimit(2).</summary>
    [StructLayout(LayoutKind.Sequential)]
    private record struct ResourceLimit(ulong Soft, ulong Hard);
}
