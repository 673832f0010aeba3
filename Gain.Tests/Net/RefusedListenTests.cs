using Gain.Kernel;
using Gain.Sockets;
using Gain.Tests.Server;

namespace Gain.Tests.Net;

/// <summary>Whatever call of an address's is refused, the error is its, and nothing is left of it.</summary>
[NonParallelizable]
internal sealed class RefusedListenTests
{
    private TempSockets _sockets = null!;
    private string[] _before = [];

    [SetUp]
    public void Prepare()
    {
        _sockets = new TempSockets();
        _before = OpenSockets.List();
    }

    [TearDown]
    public void Nothing_is_left()
    {
        Assert.That(OpenSockets.List(), Is.EqualTo(_before));
        Assert.That(_sockets.Names(), Is.Empty);
        _sockets.Dispose();
    }

    [Test]
    public void Every_address_says_which_error_it_was(
        [Values("tcp://127.0.0.1:0", "udp://127.0.0.1:0", "unix:", "unixgram:", "unix://@gain-refused")]
        string address,
        [Values(1, 3)] int workers,
        [Values(FilteredCall.Socket, FilteredCall.Bind, FilteredCall.Listen, FilteredCall.SetSockOpt)]
        FilteredCall call)
    {
        string full = address.EndsWith(':') ? $"{address}//{_sockets.Path()}" : address;
        bool isTcp = address.StartsWith("tcp", StringComparison.Ordinal);
        bool isUdp = address.StartsWith("udp", StringComparison.Ordinal);
        bool isCalled = call switch
        {
            FilteredCall.Listen => !isUdp && !address.StartsWith("unixgram", StringComparison.Ordinal),
            FilteredCall.SetSockOpt => isTcp || (isUdp && workers > 1),
            _ => true,
        };
        var options = new GainOptions();
        GainException? refused = null;
        FilteredThread.Run(call, Errno.ENOBUFS, () => refused = Refusal(full, workers, options));
        Assert.That(refused is not null, Is.EqualTo(isCalled));
        if (refused is null)
        {
            return;
        }

        Assert.That(refused.Errno, Is.EqualTo(Errno.ENOBUFS));
        Assert.That(refused.Message, Does.Contain("ENOBUFS"));
    }

    [TestCase("unix:", 1)]
    [TestCase("unix:", 3)]
    [TestCase("unix://@gain-refused", 1)]
    public void Descriptors_that_run_out_for_the_workers(string address, int workers)
    {
        string full = address.EndsWith(':') ? $"{address}//{_sockets.Path()}" : address;
        GainException? refused = null;
        FilteredThread.Run(
            FilteredCall.Fcntl,
            Errno.EMFILE,
            () => refused = Refusal(full, workers, new GainOptions()));
        Assert.That(refused!.ErrorCode, Is.EqualTo(GainError.LimitReached));
        Assert.That(refused.Message, Does.Contain("ulimit -n"));
    }

    private static GainException? Refusal(string address, int workers, GainOptions options)
    {
        try
        {
            ServerAddress.Parse(address).Open(workers, options).Dispose();
            return null;
        }
        catch (GainException refused)
        {
            return refused;
        }
    }
}
