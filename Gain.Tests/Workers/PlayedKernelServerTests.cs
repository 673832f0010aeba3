using System.Net.Sockets;
using Gain.Kernel;
using Gain.Sockets;
using Gain.Tests.Server;
using Gain.Tests.Uring;
using Gain.Uring;
using Gain.Workers;

namespace Gain.Tests.Workers;

/// <summary>Servers on kernels that lack or refuse something, played over the real one.</summary>
[NonParallelizable]
public class PlayedKernelServerTests
{
    private const uint AllFlags = IORING_SETUP.IORING_SETUP_NO_SQARRAY
        | IORING_SETUP.IORING_SETUP_DEFER_TASKRUN
        | IORING_SETUP.IORING_SETUP_SINGLE_ISSUER
        | IORING_SETUP.IORING_SETUP_COOP_TASKRUN
        | IORING_SETUP.IORING_SETUP_SUBMIT_ALL;

    [SetUp]
    public void RequireUring() => RingAvailability.Require(GainRing.Uring);

    [TestCase(IORING_SETUP.IORING_SETUP_NO_SQARRAY, "SUBMIT_ALL, SINGLE_ISSUER, DEFER_TASKRUN")]
    [TestCase(IORING_SETUP.IORING_SETUP_DEFER_TASKRUN, "SUBMIT_ALL, COOP_TASKRUN, SINGLE_ISSUER")]
    [TestCase(IORING_SETUP.IORING_SETUP_SINGLE_ISSUER, "SUBMIT_ALL, COOP_TASKRUN")]
    [TestCase(
        IORING_SETUP.IORING_SETUP_SINGLE_ISSUER | IORING_SETUP.IORING_SETUP_COOP_TASKRUN, "SUBMIT_ALL")]
    [TestCase(AllFlags, "no flags")]
    public async Task Without_a_setup_flag_io_uring_serves_as_it_does_with_it(uint refused, string flags)
    {
        var kernel = new PlayedKernel { RefusedFlags = refused };
        await AssertServesAsync(GainRing.Uring, kernel, $"io_uring ({flags})");
    }

    [TestCase(Errno.ENOSYS)]
    [TestCase(Errno.EPERM)]
    [TestCase(Errno.EACCES)]
    [TestCase(Errno.ENOMEM)]
    [TestCase(Errno.EINVAL)]
    public async Task Refused_set_up_leads_to_epoll(int errno)
    {
        var kernel = new PlayedKernel { SetupErrno = _ => errno };
        await AssertServesAsync(GainRing.Auto, kernel, $"epoll (io_uring: {Errno.Name(errno)}");
        AssertRefused(kernel, errno);
    }

    [Test]
    public async Task Rings_of_workers_that_do_not_fit_into_memory_lead_to_epoll()
    {
        // The test's small ring fits.
        var kernel = new PlayedKernel { SetupErrno = entries => entries > 8 ? Errno.ENOMEM : 0 };
        await AssertServesAsync(GainRing.Auto, kernel, "epoll (io_uring: ENOMEM, over the memlock limit");
        AssertRefused(kernel, Errno.ENOMEM);
    }

    [Test]
    public async Task Memory_for_smaller_rings_is_enough_for_io_uring()
    {
        var kernel = new PlayedKernel { SetupErrno = entries => entries > 64 ? Errno.ENOMEM : 0 };
        await AssertServesAsync(GainRing.Auto, kernel, "io_uring (");
    }

    [Test]
    public async Task Without_buffer_rings_epoll_serves()
    {
        var kernel = new PlayedKernel
        {
            RegisterErrno = operation =>
                operation == IORING_REGISTER.IORING_REGISTER_PBUF_RING ? Errno.EINVAL : 0,
        };
        const string reason = "no multishot receive into a buffer ring: EINVAL, no buffer rings";
        await AssertServesAsync(GainRing.Auto, kernel, $"epoll (io_uring: {reason})");
        AssertRefused(kernel, 0);
    }

    // The test's ring has its buffers, and then the workers' rings are refused theirs: the first, or a later
    // one.
    [TestCase(Errno.ENOMEM, 1)]
    [TestCase(Errno.ENOMEM, 2)]
    [TestCase(Errno.EINVAL, 1)]
    [TestCase(Errno.EOPNOTSUPP, 2)]
    public async Task Workers_whose_buffers_are_not_registered_lead_to_epoll(int errno, int allowed)
    {
        await AssertServesAsync(
            GainRing.Auto, RefusingBuffers(errno, allowed), $"epoll (io_uring: {Errno.Name(errno)}");
        AssertRefused(RefusingBuffers(errno, allowed), errno);
    }

    [Test]
    public async Task Without_waits_that_end_epoll_serves()
    {
        var kernel = new PlayedKernel { HiddenFeatures = IORING_FEAT.IORING_FEAT_EXT_ARG };
        await AssertServesAsync(GainRing.Auto, kernel, "epoll (io_uring: no wait with a time limit");
        AssertRefused(kernel, 0);
    }

    [TestCase(Errno.EMFILE, GainRing.Auto)]
    [TestCase(Errno.ENFILE, GainRing.Auto)]
    [TestCase(Errno.EMFILE, GainRing.Uring)]
    public void Lack_of_descriptors_is_an_error_and_no_reason_for_epoll(int errno, GainRing ring)
    {
        foreach (uint fewest in new uint[] { 0, 8 })
        {
            var kernel = new PlayedKernel { SetupErrno = entries => entries > fewest ? errno : 0 };
            GainException refused = Assert.Throws<GainException>(() => Start(ring, kernel))!;
            Assert.That(refused.Errno, Is.EqualTo(errno));
            Assert.That(refused.Message, Does.Contain("ulimit -n"));
        }
    }

    private static async Task AssertServesAsync(GainRing ring, PlayedKernel kernel, string description)
    {
        string[] before = Descriptors.OfGain();
        var logger = new RecordingLogger();
        await using (GainServer server = Start(ring, kernel, logger))
        {
            Assert.That(server.RingDescription, Does.StartWith(description));
            using Socket client = await Clients.ConnectAsync(server);
            byte[] sent = Clients.Pattern(300_000, 5);
            Task sending = Clients.SendAllAsync(client, sent);
            Assert.That(await Clients.ReceiveExactlyAsync(client, sent.Length), Is.EqualTo(sent));
            await sending;
        }

        bool fellBack = description.StartsWith("epoll", StringComparison.Ordinal);
        Assert.That(logger.Messages.Entries, Has.Length.EqualTo(fellBack ? 1 : 0));
        Assert.That(logger.Messages.Entries, fellBack ? Has.Some.Contains("run on epoll") : Is.Empty);
        Assert.That(Descriptors.OfGain(), Is.EqualTo(before));
    }

    private static PlayedKernel RefusingBuffers(int errno, int allowed)
    {
        int asked = 0;
        return new PlayedKernel
        {
            RegisterErrno = operation => operation == IORING_REGISTER.IORING_REGISTER_PBUF_RING
                && Interlocked.Increment(ref asked) > allowed ? errno : 0,
        };
    }

    private static void AssertRefused(PlayedKernel kernel, int errno)
    {
        string[] before = Descriptors.OfGain();
        GainException refused = Assert.Throws<GainException>(() => Start(GainRing.Uring, kernel))!;
        Assert.That(refused.ErrorCode, Is.EqualTo(GainError.RingUnavailable));
        Assert.That(refused.Errno, Is.EqualTo(errno));
        Assert.That(refused.Message, Does.Contain("GainOptions.Ring"));
        Assert.That(Descriptors.OfGain(), Is.EqualTo(before));
    }

    private static GainServer Start(GainRing ring, PlayedKernel kernel, RecordingLogger? logger = null)
    {
        var options = new GainOptions
        {
            Ring = ring,
            WorkerCount = 2,
            Logger = logger ?? new RecordingLogger(),
        };
        return GainServer.Start(
            ListenPlan<EchoProtocol>.Of(new EchoProtocol(), ListenAddress.Parse("tcp://127.0.0.1:0")),
            options,
            kernel);
    }
}
