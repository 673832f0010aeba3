using System.Buffers.Binary;
using Gain.Kernel;
using Gain.Uring;
using Gain.UringLog;

namespace Gain.Tests.Uring;

/// <summary>
/// The example UringLog on a ring of the kernel's whose operations fail: nothing is told to be durable that a
/// failed write or sync left open, and all that was durable before is there.
/// </summary>
[TestFixture]
internal sealed class FaultyRingTests
{
    private const int LengthOffset = 24;
    private const int NopFlagsOffset = 28;
    private const int BeforeTheFault = 3;

    [TestCase("write EIO", "the write ended with EIO")]
    [TestCase("write ENOSPC", "the write ended with ENOSPC")]
    [TestCase("write short", " bytes were written")]
    [TestCase("sync EIO", "the sync ended with EIO")]
    [TestCase("sync ECANCELED", "the sync ended with ECANCELED")]
    public async Task What_a_ring_tells_of_ends_the_log(string fault, string told)
    {
        using TempFolder folder = new();
        TestRing.Create().Dispose();
        RequireInjection();
        string path = folder.At("log");
        int writes = 0;
        await using (WriteAheadLog log = await WriteAheadLog.OpenAsync(path, () => new RingDevice(
            path, WriteAheadLog.GroupBytes, (write, sync) =>
            {
                if (writes++ == BeforeTheFault)
                {
                    Break(fault, write, sync);
                }
            })))
        {
            for (int i = 0; i < BeforeTheFault; i++)
            {
                Assert.That(await log.AppendAsync(Record(i)), Is.EqualTo(i));
            }

            // Two, so that what waits behind the failure ends as well.
            Task<long>[] late = [log.AppendAsync(Record(3)), log.AppendAsync(Record(4))];
            foreach (Task<long> append in late)
            {
                LogFailedException? failed =
                    Assert.ThrowsAsync<LogFailedException>(async () => await append);
                Assert.That(failed!.Message, Does.Contain(told).And.Contain(path));
            }

            Assert.ThrowsAsync<LogFailedException>(async () => await log.AppendAsync(Record(5)));
            Assert.That(writes, Is.EqualTo(BeforeTheFault + 1), "Nothing is written after a failure.");
        }

        List<LogRecord> records = LogReader.Read(path, out _);
        Assert.That(records, Has.Count.GreaterThanOrEqualTo(BeforeTheFault));
        for (int i = 0; i < BeforeTheFault; i++)
        {
            Assert.That(records[i].Data, Is.EqualTo(Record(i)));
        }

        await using WriteAheadLog again = await WriteAheadLog.OpenAsync(path);
        Assert.That(await again.AppendAsync(Record(9)), Is.EqualTo(records.Count), "It goes on.");
    }

    private static void Break(string fault, SubmissionEntry write, SubmissionEntry sync)
    {
        switch (fault)
        {
            case "write EIO":
                Inject(write, -Errno.EIO, SubmissionFlags.Link);
                break;
            case "write ENOSPC":
                Inject(write, -Errno.ENOSPC, SubmissionFlags.Link);
                break;
            case "write short":
                BinaryPrimitives.WriteUInt32LittleEndian(write.Bytes[LengthOffset..], LogFormat.BlockBytes);
                break;
            case "sync EIO":
                Inject(sync, -Errno.EIO, SubmissionFlags.None);
                break;
            default:
                // The link is cut by a failure that the device's own write does not show.
                Inject(sync, -Errno.ECANCELED, SubmissionFlags.None);
                break;
        }
    }

    // A NOP that ends with a result of the test's; one that fails cancels what is linked to it.
    private static void Inject(SubmissionEntry entry, int result, SubmissionFlags flags)
    {
        ulong userData = entry.UserData;
        entry.Bytes.Clear();
        entry.PrepNop();
        entry.UserData = userData;
        entry.Flags = flags;
        BinaryPrimitives.WriteInt32LittleEndian(entry.Bytes[LengthOffset..], result);
        BinaryPrimitives.WriteUInt32LittleEndian(
            entry.Bytes[NopFlagsOffset..], IORING_NOP.IORING_NOP_INJECT_RESULT);
    }

    private static void RequireInjection()
    {
        using Ring ring = TestRing.Create();
        Inject(ring.Entry(1), -Errno.EIO, SubmissionFlags.None);
        int result = ring.Next().Result;
        if (result != -Errno.EIO)
        {
            Assert.Ignore($"the kernel's NOP takes no result ({result})");
        }
    }

    // Of more than one block, so that a write can be short.
    private static byte[] Record(int i) => [.. Enumerable.Repeat((byte)i, 6_000)];
}
