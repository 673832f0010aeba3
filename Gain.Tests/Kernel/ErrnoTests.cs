using System.Globalization;
using System.Reflection;
using System.Text;
using Gain.Kernel;

namespace Gain.Tests.Kernel;

[TestFixture]
internal sealed class ErrnoTests
{
    private static readonly string[] s_aliases = ["EWOULDBLOCK", "EDEADLOCK", "ENOTSUP"];

    [Test]
    public void Numbers_are_those_of_errno_h()
    {
        List<FieldInfo> numbers = Numbers();
        Assert.That(numbers, Has.Count.GreaterThanOrEqualTo(130));
        StringBuilder source = new("#include <errno.h>\n#include <stdio.h>\nint main(void) {\n");
        foreach (FieldInfo number in numbers)
        {
            source.Append(CultureInfo.InvariantCulture, $"printf(\"%d\\n\", {number.Name});\n");
        }

        string[] lines = CProgram.Run(source.Append("return 0; }\n").ToString())
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Multiple(() =>
        {
            foreach ((FieldInfo number, string line) in numbers.Zip(lines))
            {
                int actual = int.Parse(line, CultureInfo.InvariantCulture);
                Assert.That(number.GetRawConstantValue(), Is.EqualTo(actual), number.Name);
            }
        });
    }

    [Test]
    public void Every_number_has_its_own_name_and_a_description() => Assert.Multiple(() =>
    {
        foreach (FieldInfo number in Numbers().Where(number => !s_aliases.Contains(number.Name)))
        {
            int errno = (int)number.GetRawConstantValue()!;
            Assert.That(Errno.Name(errno), Is.EqualTo(number.Name));
            Assert.That(Errno.Describe(errno), Is.EqualTo($"{number.Name} ({Errno.Meaning(errno)})"));
        }
    });

    [TestCase(0)]
    [TestCase(41)]
    [TestCase(4000)]
    public void A_number_without_a_name_is_shown_as_a_number(int errno) => Assert.Multiple(() =>
    {
        Assert.That(Errno.Name(errno), Is.EqualTo($"errno {errno}"));
        Assert.That(Errno.Describe(errno), Is.EqualTo($"errno {errno}"));
        Assert.That(Errno.Meaning(errno), Is.Not.Empty);
    });

    private static List<FieldInfo> Numbers() =>
        [.. typeof(Errno).GetFields(BindingFlags.Static | BindingFlags.Public).Where(f => f.IsLiteral)];
}
