using CsCheck;
using Gain.Workers;

namespace Gain.Tests.Workers;

public class AddressCountsTests
{
    [Test]
    public void Table_counts_as_a_dictionary_does()
    {
        const int Max = 32;
        const int Limit = 3;
        Gen.Select(Gen.Bool, Gen.Int[0, 20]).Array[0, 300].Sample(steps =>
        {
            var counts = new AddressCounts(Max, Limit);
            var places = new ConnectionPlaces(Max);
            var expected = new Dictionary<int, int>();
            foreach ((bool adds, int address) in steps)
            {
                int had = expected.GetValueOrDefault(address);
                bool isFull = expected.Values.Sum() == Max;
                if (adds)
                {
                    RefusalReason refusal = had == Limit ? RefusalReason.AddressLimit
                        : isFull ? RefusalReason.ConnectionLimit
                        : RefusalReason.None;
                    Assert.That(counts.TryAdd(Spread(address), places), Is.EqualTo(refusal));
                    expected[address] = had + (refusal == RefusalReason.None ? 1 : 0);
                }
                else if (had > 0)
                {
                    counts.Remove(Spread(address));
                    places.GiveBack();
                    expected[address] = had - 1;
                }

                Assert.That(places.HasRoom, Is.EqualTo(expected.Values.Sum() < Max));
            }
        });
    }

    private static UInt128 Spread(int address) => ((UInt128)(uint)address << 70) | (uint)address;
}
