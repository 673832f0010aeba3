using System.Xml;
using Gain.TestReport;

if (args is not [var folder])
{
    Console.Error.WriteLine("TestReport FOLDER: tells what the *.trx files in a folder say.");
    return 2;
}

try
{
    RunResults.Read(folder).Write(Console.Out);
    return 0;
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException or XmlException)
{
    Console.Error.WriteLine($"TestReport: {e.Message}");
    return 2;
}
