using Gain.Mail;

namespace Gain.Tests.Connections;

/// <summary>
/// The latch on real threads: of a loop that goes to sleep and a thread that has work for it, one sees the
/// other. Without either of its fences both look past each other within a second or so.
/// </summary>
public sealed class WakeLatchTests
{
    // Latches and commands lie on cache lines of their own, two for each, as the stores have to be slow.
    private const int LatchStride = 8;
    private const int CommandStride = 32;
    private const int Places = 4_096;
    private const int PlacesAtOnce = 32;
    private const int Passes = 500;

    private readonly WakeLatch[] _latches = new WakeLatch[(Places + 1) * LatchStride];
    private readonly int[] _commands = new int[(Places + 1) * CommandStride];
    private readonly bool[] _hasSeenCommand = new bool[Places];
    private readonly bool[] _hasSeenSleeper = new bool[Places];
    private int _arrivals;

    [Test]
    [CancelAfter(60_000)]
    public void Of_a_loop_that_sleeps_and_one_who_wakes_it_one_sees_the_other()
    {
        if (Environment.ProcessorCount < 2)
        {
            Assert.Ignore("One processor does nothing at once.");
        }

        int lost = 0;
        for (int pass = 0; pass < Passes && lost == 0; pass++)
        {
            lost = CountLost();
        }

        Assert.That(lost, Is.Zero, "wake-ups were lost");
    }

    private int CountLost()
    {
        Array.Clear(_commands);
        Array.ForEach(Enumerable.Range(0, Places).ToArray(), place => Latch(place).AfterSleep());
        _arrivals = 0;
        var poster = new Thread(() =>
        {
            for (int place = 0; place < Places; place++)
            {
                MeetAt(place);
                Volatile.Write(ref Command(place), 1);
                _hasSeenSleeper[place] = Latch(place).TakeSleeper();
            }
        });
        poster.Start();
        for (int place = 0; place < Places; place++)
        {
            MeetAt(place);
            Latch(place).PrepareToSleep();
            _hasSeenCommand[place] = Volatile.Read(ref Command(place)) != 0;
        }

        poster.Join();
        return Enumerable.Range(0, Places).Count(place => !_hasSeenCommand[place] && !_hasSeenSleeper[place]);
    }

    // Both go on together from here: what one does alone shows nothing.
    private void MeetAt(int place)
    {
        if (place % PlacesAtOnce == 0)
        {
            int both = 2 * ((place / PlacesAtOnce) + 1);
            Interlocked.Increment(ref _arrivals);
            var spin = new SpinWait();
            while (Volatile.Read(ref _arrivals) < both)
            {
                spin.SpinOnce(sleep1Threshold: -1);
            }
        }
    }

    private ref WakeLatch Latch(int place) => ref _latches[(place + 1) * LatchStride];

    private ref int Command(int place) => ref _commands[(place + 1) * CommandStride];
}
