using System.Text;
using SiteDesk.Platform.Files;

namespace SiteDesk.Tests.Platform.Files;

public sealed class ClamdVirusScanTests
{
    [Fact]
    public async Task A_clean_file_passes_and_is_sent_byte_for_byte()
    {
        await using var clamd = new FakeClamd();
        var content = new byte[300_000]; // more than four chunks, the last one short
        new Random(7).NextBytes(content);

        (await ScanBy(clamd).FindAsync(new MemoryStream(content), CancellationToken.None)).ShouldBeNull();
        clamd.Received.ShouldBe(content);
    }

    [Fact]
    public async Task What_clamd_finds_is_named()
    {
        await using var clamd = new FakeClamd();
        (await ScanBy(clamd).FindAsync(Text("before " + FakeClamd.Signature + " after"), CancellationToken.None)).ShouldBe("Test-Signature");
    }

    [Fact]
    public async Task An_empty_file_is_asked_about_too()
    {
        await using var clamd = new FakeClamd();
        (await ScanBy(clamd).FindAsync(Text(""), CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task A_file_beyond_clamds_limit_is_refused_and_not_taken_for_clean()
    {
        await using var clamd = new FakeClamd { StreamMaxLength = 100_000 };
        var problem = await Should.ThrowAsync<IOException>(() => ScanBy(clamd).FindAsync(new MemoryStream(new byte[200_000]), CancellationToken.None));
        problem.Message.ShouldContain("size limit exceeded");
    }

    [Fact]
    public async Task An_answer_that_is_no_verdict_is_refused()
    {
        await using var clamd = new FakeClamd { Says = "stream: Can't allocate memory ERROR" };
        (await Should.ThrowAsync<IOException>(() => ScanBy(clamd).FindAsync(Text("x"), CancellationToken.None))).Message.ShouldContain("Can't allocate memory");
    }

    [Fact]
    public async Task A_scanner_that_hangs_is_given_up()
    {
        await using var clamd = new FakeClamd { Hangs = true };
        var scan = new ClamdVirusScan(ClamdAddress.TryParse(clamd.Address)!, TimeSpan.FromMilliseconds(200));
        (await Should.ThrowAsync<IOException>(() => scan.FindAsync(Text("x"), CancellationToken.None))).Message.ShouldContain("did not answer");
    }

    [Fact]
    public async Task A_scanner_that_is_not_there_is_an_error_and_not_a_clean_file()
    {
        string gone;
        await using (var clamd = new FakeClamd())
            gone = clamd.Address;
        var scan = new ClamdVirusScan(ClamdAddress.TryParse(gone)!, TimeSpan.FromSeconds(5));
        (await Should.ThrowAsync<IOException>(() => scan.FindAsync(Text("x"), CancellationToken.None))).Message.ShouldContain("cannot be reached");
    }

    [Theory]
    [InlineData("127.0.0.1:3310", true)]
    [InlineData("[::1]:3310", true)]
    [InlineData("scanner.internal:3310", true)]
    [InlineData("unix:/run/clamav/clamd.ctl", true)]
    [InlineData("/run/clamav/clamd.ctl", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("scanner", false)]
    [InlineData("scanner:0", false)]
    [InlineData("scanner:99999", false)]
    [InlineData("unix:relative", false)]
    [InlineData("", false)]
    public void An_address_is_a_host_with_port_or_a_local_socket(string text, bool understood) =>
        (ClamdAddress.TryParse(text) is not null).ShouldBe(understood);

    private static ClamdVirusScan ScanBy(FakeClamd clamd) => new(ClamdAddress.TryParse(clamd.Address)!, TimeSpan.FromSeconds(10));

    private static MemoryStream Text(string text) => new(Encoding.ASCII.GetBytes(text));
}
